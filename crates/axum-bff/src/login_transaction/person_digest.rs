//! A person as a digest. A login's `state` names the person that it expects, and shows that person's name to nobody.

use bff_session::Identity;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A digest that tells one person from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDigest([u8; 16]);

impl PersonDigest {
    /// The digest of a person, made of issuer and `sub`. Nothing else names a person (OpenID Connect Core §5.7).
    #[must_use]
    pub fn of(issuer: &str, subject: &str) -> Self {
        let mut digest = Sha256::new();
        for part in [issuer, subject] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let digest = digest.finalize();
        Self(std::array::from_fn(|index| digest[index]))
    }

    /// The digest of a session's person.
    #[must_use]
    pub fn of_identity(identity: &Identity) -> Self {
        Self::of(&identity.issuer, &identity.subject)
    }
}
