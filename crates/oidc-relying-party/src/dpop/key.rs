//! A key that access tokens are bound to: ES256, of one login.
//!
//! Made with `ring`, which is in the process for TLS already, and signs in a fraction of the time that the `p256` of
//! openidconnect takes; each call of an API costs a signature. `ring` makes no public key out of a private one, so a
//! key cannot be derived as the nonce and the code verifier of a login are. It is made when the login begins, because the
//! authorization request names it (RFC 9449 §10), and waits sealed in `state`.

use std::{fmt, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The JWS algorithm of every proof.
pub(crate) const ALGORITHM: &str = "ES256";

const RANDOM: &str = "the operating system has random bytes";

/// A private key. Clones share it.
#[derive(Clone)]
pub struct DpopKey(Arc<Inner>);

struct Inner {
    pair: EcdsaKeyPair,
    secret: SecretString,
    /// The JOSE header of every proof, encoded.
    header: String,
    thumbprint: String,
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DpopKey({})", self.0.thumbprint)
    }
}

impl DpopKey {
    /// A new key.
    ///
    /// # Panics
    /// If the operating system has no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self::of(document.expect(RANDOM).as_ref()).expect("a key that was just written")
    }

    /// The key that [`Self::secret`] was asked of. `None`: it is none.
    #[must_use]
    pub fn read(secret: &SecretString) -> Option<Self> {
        let document = BASE64_URL_SAFE_NO_PAD.decode(secret.expose_secret()).ok()?;
        Self::of(&Zeroizing::new(document))
    }

    fn of(document: &[u8]) -> Option<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document, &SystemRandom::new()).ok()?;
        // An uncompressed point: a marker, and two coordinates of 32 bytes.
        let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
        let [x, y] = [x, y].map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        let jwk = json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y });
        let header = json!({ "typ": "dpop+jwt", "alg": ALGORITHM, "jwk": jwk });
        // RFC 7638 §3.2: these members, in this order, without white space.
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Some(Self(Arc::new(Inner {
            pair,
            secret: BASE64_URL_SAFE_NO_PAD.encode(document).into(),
            header: BASE64_URL_SAFE_NO_PAD.encode(header.to_string()),
            thumbprint: BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)),
        })))
    }

    /// The private key as text (PKCS #8 in base64url), to be kept where tokens are.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0.secret
    }

    /// The name of the public key: `dpop_jkt` (RFC 9449 §10, RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }

    /// A JWS with these claims.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let Inner { pair, header, .. } = &*self.0;
        let signing_input = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = pair.sign(&SystemRandom::new(), signing_input.as_bytes()).expect(RANDOM);
        format!("{signing_input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

/// 128 random bits, for a `jti`.
pub(super) fn random_text() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect(RANDOM);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
