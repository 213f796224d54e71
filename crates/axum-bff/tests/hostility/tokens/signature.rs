//! Keys and signers. `ring` makes the signatures, and the oracle verifies them with it. The server does not use `ring`
//! for this.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{Ed25519KeyPair, KeyPair, RsaKeyPair};
use ring::{hmac, rand::SystemRandom, signature};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, rand_core::OsRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// The key and the algorithm that sign a token, whatever its header says.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) enum Signer {
    /// The provider's key with RS256: `kid` 1.
    #[default]
    Provider,
    /// The same key with RS512.
    ProviderRs512,
    /// The same key with PS256.
    ProviderPs256,
    /// The provider's other key: `kid` 2, Ed25519.
    ProviderEd25519,
    /// A key that the provider does not have.
    Stranger,
    /// The provider's public modulus as the key of a MAC.
    PublicKeyAsMac,
    Nobody,
}

struct Rsa {
    pair: RsaKeyPair,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

static PROVIDER: LazyLock<Rsa> = LazyLock::new(rsa);
static STRANGER: LazyLock<Rsa> = LazyLock::new(rsa);
static ED25519: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key"));

fn rsa() -> Rsa {
    let key = RsaPrivateKey::new(&mut OsRng, 2048).expect("an RSA key");
    let der = key.to_pkcs1_der().expect("a key in DER");
    Rsa {
        pair: RsaKeyPair::from_der(der.as_bytes()).expect("an RSA key"),
        modulus: key.n().to_bytes_be(),
        exponent: key.e().to_bytes_be(),
    }
}

impl Signer {
    pub(super) fn sign(self, message: &[u8]) -> Vec<u8> {
        let with = |key: &Rsa, padding: &'static dyn signature::RsaEncoding| {
            let mut signature = vec![0; key.pair.public().modulus_len()];
            let signed = key.pair.sign(padding, &SystemRandom::new(), message, &mut signature);
            signed.expect("a signature");
            signature
        };
        match self {
            Self::Provider => with(&PROVIDER, &signature::RSA_PKCS1_SHA256),
            Self::ProviderRs512 => with(&PROVIDER, &signature::RSA_PKCS1_SHA512),
            Self::ProviderPs256 => with(&PROVIDER, &signature::RSA_PSS_SHA256),
            Self::ProviderEd25519 => ED25519.sign(message).as_ref().to_vec(),
            Self::Stranger => with(&STRANGER, &signature::RSA_PKCS1_SHA256),
            Self::PublicKeyAsMac => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, &PROVIDER.modulus);
                hmac::sign(&key, message).as_ref().to_vec()
            }
            Self::Nobody => Vec::new(),
        }
    }
}

/// The key set that the provider publishes.
pub(crate) fn jwks() -> Value {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    json!({ "keys": [
        { "kty": "RSA", "kid": "1", "n": encode(&PROVIDER.modulus), "e": encode(&PROVIDER.exponent) },
        { "kty": "OKP", "crv": "Ed25519", "kid": "2", "x": encode(ED25519.public_key().as_ref()) },
    ] })
}

/// Whether the provider made `signature` with RS256.
pub(super) fn is_providers(message: &[u8], signature: &[u8]) -> bool {
    let key = signature::RsaPublicKeyComponents {
        n: &PROVIDER.modulus,
        e: &PROVIDER.exponent,
    };
    key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
        .is_ok()
}
