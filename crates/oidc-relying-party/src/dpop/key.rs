//! A key that access tokens are bound to: ES256, of one login.
//!
//! Made with `ring`, which is in the process for TLS already, and signs in a fraction of the time that the `p256` of
//! openidconnect takes; each call of an API costs a signature. `ring` makes no public key out of a private one, so a
//! key cannot be derived as the nonce and the code verifier of a login are. It is made when the login begins, because the
//! authorization request names it (RFC 9449 §10), and waits sealed in `state`.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The JWS algorithm of every proof.
pub(crate) const ALGORITHM: &str = "ES256";

const RANDOM: &str = "the operating system has random bytes";

/// The length of a coordinate of P-256, in bytes.
const COORDINATE: usize = 32;
/// An uncompressed point: a marker, and two coordinates.
const POINT: usize = 1 + 2 * COORDINATE;

/// A private key. Clones share it.
#[derive(Clone)]
pub struct DpopKey(Arc<Inner>);

struct Inner {
    /// The signing pair. A login that begins has no use for it: `ring` makes the public key anew to compare the two, which takes
    /// as long as to make the key.
    pair: OnceLock<EcdsaKeyPair>,
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
        let document = document.expect(RANDOM);
        // The public key is the end of the document (RFC 5915 §3).
        let point = document
            .as_ref()
            .last_chunk::<POINT>()
            .expect("ring writes the public key");
        Self::of(document.as_ref(), point, OnceLock::new())
    }

    /// The key that [`Self::secret`] was asked of. `None`: it is none.
    #[must_use]
    pub fn read(secret: &SecretString) -> Option<Self> {
        let document = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(secret.expose_secret()).ok()?);
        let pair = signing(&document)?;
        let point = *pair.public_key().as_ref().first_chunk::<POINT>()?;
        Some(Self::of(&document, &point, OnceLock::from(pair)))
    }

    fn of(document: &[u8], point: &[u8; POINT], pair: OnceLock<EcdsaKeyPair>) -> Self {
        let (x, y) = point[1..].split_at(COORDINATE);
        let [x, y] = [x, y].map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        // RFC 7638 §3.2: these members, in this order, without white space. Base64url needs no escape in JSON.
        let jwk = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"{ALGORITHM}","jwk":{jwk}}}"#);
        Self(Arc::new(Inner {
            pair,
            secret: BASE64_URL_SAFE_NO_PAD.encode(document).into(),
            header: BASE64_URL_SAFE_NO_PAD.encode(header),
            thumbprint: BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(jwk)),
        }))
    }

    fn pair(&self) -> &EcdsaKeyPair {
        let Inner { pair, secret, .. } = &*self.0;
        pair.get_or_init(|| {
            let document = BASE64_URL_SAFE_NO_PAD.decode(secret.expose_secret());
            let document = Zeroizing::new(document.expect("it was encoded here"));
            signing(&document).expect("a key that ring has written or read")
        })
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
        let header = &self.0.header;
        let signing_input = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self
            .pair()
            .sign(&SystemRandom::new(), signing_input.as_bytes())
            .expect(RANDOM);
        format!("{signing_input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

fn signing(document: &[u8]) -> Option<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document, &SystemRandom::new()).ok()
}

/// 128 random bits, for a `jti`.
pub(super) fn random_text() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect(RANDOM);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
