//! The keys that sign our client assertions (OpenID Connect Core 1.0 §9, RFC 7523), and how they are published.
//!
//! ring signs, not the `rsa` crate: the time that the crate takes to sign reveals the key (RUSTSEC-2023-0071).

use std::{fmt, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    error::Unspecified,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
    },
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

pub use algorithm::{AssertionAlgorithm, UnknownAssertionAlgorithm};

mod algorithm;

/// The client's keys: the first signs, all are published, so that a provider knows the next one before it is used. Clones
/// share the keys.
#[derive(Clone, Debug)]
pub struct ClientKeys(Arc<[ClientKey]>);

impl ClientKeys {
    /// Reads private keys in PKCS #8 (`BEGIN PRIVATE KEY`), one after the other.
    ///
    /// # Errors
    /// If there is none, or one of another kind.
    pub fn from_pem(pem: &str) -> Result<Self, ClientKeyError> {
        let keys = PrivatePkcs8KeyDer::pem_slice_iter(pem.as_bytes())
            .map(|key| ClientKey::from_pkcs8(key.map_err(|_| ClientKeyError::Pem)?.secret_pkcs8_der()))
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(ClientKeyError::Pem);
        }
        Ok(Self(keys.into()))
    }

    /// The key that signs.
    pub(super) fn signing(&self) -> &ClientKey {
        &self.0[0]
    }

    /// The algorithms of the key that signs, the better one first.
    #[must_use]
    pub fn sign_with(&self) -> &'static [AssertionAlgorithm] {
        self.signing().algorithms()
    }

    /// The public halves as a JWK Set (RFC 7517 §5).
    #[must_use]
    pub fn jwk_set(&self) -> Value {
        json!({ "keys": self.0.iter().map(ClientKey::jwk).collect::<Vec<_>>() })
    }
}

/// A private key.
pub(super) struct ClientKey {
    pair: Pair,
    kid: String,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl ClientKey {
    fn from_pkcs8(der: &[u8]) -> Result<Self, ClientKeyError> {
        let ecdsa = |curve: &'static EcdsaSigningAlgorithm| EcdsaKeyPair::from_pkcs8(curve, der, &SystemRandom::new());
        // "maybe unchecked", because OpenSSL writes no public half beside the private one that could be checked.
        let ed25519 = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(der);
        let pair = RsaKeyPair::from_pkcs8(der)
            .map(|key| Pair::Rsa(Box::new(key)))
            .or_else(|_| ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::P256))
            .or_else(|_| ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Pair::P384))
            .or_else(|_| ed25519().map(Pair::Ed25519))
            .map_err(|_| ClientKeyError::Kind)?;
        let kid = thumbprint(&pair.public());
        Ok(Self { pair, kid })
    }

    /// The value of the `kid` header: the key's thumbprint, so that it is the same on every replica.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// The algorithms of this key, the better one first.
    pub(super) fn algorithms(&self) -> &'static [AssertionAlgorithm] {
        match self.pair {
            Pair::Rsa(_) => &[AssertionAlgorithm::Ps256, AssertionAlgorithm::Rs256],
            Pair::P256(_) => &[AssertionAlgorithm::Es256],
            Pair::P384(_) => &[AssertionAlgorithm::Es384],
            Pair::Ed25519(_) => &[AssertionAlgorithm::EdDsa],
        }
    }

    /// Signs `input`. An algorithm that is not this key's is an error.
    pub(super) fn sign(&self, algorithm: AssertionAlgorithm, input: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        let rsa = |key: &RsaKeyPair, padding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; key.public().modulus_len()];
            key.sign(padding, &random, input, &mut signature)?;
            Ok(signature)
        };
        match (&self.pair, algorithm) {
            (Pair::Rsa(key), AssertionAlgorithm::Ps256) => rsa(key, &RSA_PSS_SHA256),
            (Pair::Rsa(key), AssertionAlgorithm::Rs256) => rsa(key, &RSA_PKCS1_SHA256),
            (Pair::P256(key), AssertionAlgorithm::Es256) | (Pair::P384(key), AssertionAlgorithm::Es384) => {
                Ok(key.sign(&random, input)?.as_ref().to_vec())
            }
            (Pair::Ed25519(key), AssertionAlgorithm::EdDsa) => Ok(key.sign(input).as_ref().to_vec()),
            _ => Err(Unspecified),
        }
    }

    /// The public half (RFC 7517 §4). `alg` stands only where the key leaves no choice: a key whose `alg` is PS256 must not
    /// verify RS256.
    fn jwk(&self) -> Value {
        let mut jwk = self.pair.public();
        jwk.insert("use".to_owned(), json!("sig"));
        jwk.insert("kid".to_owned(), json!(self.kid));
        if let [algorithm] = self.algorithms() {
            jwk.insert("alg".to_owned(), json!(algorithm.name()));
        }
        Value::Object(jwk)
    }
}

impl Pair {
    /// The members that make the key, and no others (RFC 7638 §3.2).
    fn public(&self) -> Map<String, Value> {
        let encoded = |bytes: &[u8]| json!(BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let ecdsa = |curve: &str, key: &EcdsaKeyPair| {
            // SEC 1 §2.3.3: 4, then both coordinates in full length.
            let coordinates = &key.public_key().as_ref()[1..];
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            let curve = [("kty", json!("EC")), ("crv", json!(curve))];
            curve
                .into_iter()
                .chain([("x", encoded(x)), ("y", encoded(y))])
                .collect()
        };
        let members = match self {
            Self::Rsa(key) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                vec![("kty", json!("RSA")), ("n", encoded(&n)), ("e", encoded(&e))]
            }
            Self::P256(key) => ecdsa("P-256", key),
            Self::P384(key) => ecdsa("P-384", key),
            Self::Ed25519(key) => {
                let x = encoded(key.public_key().as_ref());
                vec![("kty", json!("OKP")), ("crv", json!("Ed25519")), ("x", x)]
            }
        };
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// RFC 7638 §3: of the members in the order of their names, without white space.
fn thumbprint(public: &Map<String, Value>) -> String {
    let mut members: Vec<_> = public
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    members.sort_unstable();
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{{{}}}", members.join(","))))
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientKey({})", self.kid)
    }
}

/// Why a text holds no keys for client assertions. Never reveals a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClientKeyError {
    /// There is no readable PKCS #8.
    #[error(
        "holds no private key in PKCS #8 (PEM, BEGIN PRIVATE KEY); `openssl pkcs8 -topk8 -nocrypt` converts others"
    )]
    Pem,
    /// It is a key of another kind, or too short.
    #[error("holds a key that is neither RSA of 2048 to 4096 bits nor P-256, P-384 or Ed25519")]
    Kind,
}

#[cfg(test)]
mod tests;
