//! The signature algorithms of client assertions.

use std::str::FromStr;

use crate::named::named;

named! {
    /// An algorithm that a client assertion is signed with (RFC 7518 §3.1, RFC 8037 §3.1).
    ///
    /// There is no HMAC among them: `client_secret_jwt` would need a secret of 32 octets and more (Core 1.0 §16.19), and is
    /// worth no more than sending one.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub enum AssertionAlgorithm {
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSASSA-PKCS1-v1_5 with SHA-256. Every provider that takes client assertions has it.
        Rs256 = "RS256",
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        Es384 = "ES384",
        /// `EdDSA` on Ed25519.
        EdDsa = "EdDSA",
    }
}

/// A name that is not an algorithm a client assertion may be signed with.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not one of PS256, RS256, ES256, ES384, EdDSA")]
pub struct UnknownAssertionAlgorithm;

impl FromStr for AssertionAlgorithm {
    type Err = UnknownAssertionAlgorithm;

    /// Reads the name as it stands in a JOSE header; case matters there (RFC 7515 §4.1.1).
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|algorithm| algorithm.name() == name)
            .ok_or(UnknownAssertionAlgorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEC-03
    #[test]
    fn no_hmac_and_nothing_unsigned_can_be_configured() {
        for name in ["none", "HS256", "HS384", "HS512", "rs256", "ES256 ", ""] {
            assert_eq!(
                name.parse::<AssertionAlgorithm>(),
                Err(UnknownAssertionAlgorithm),
                "{name}"
            );
        }
        for algorithm in AssertionAlgorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
        }
    }
}
