//! A P-256 key, for ES256. openidconnect has none that signs.

use openidconnect::{
    JsonWebKeyId, PrivateSigningKey, SigningError,
    core::{CoreJsonCurveType, CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use p256::ecdsa::{Signature, SigningKey as Key, signature::Signer};

use super::{SigningKey, fresh_kid};

struct P256 {
    key: Key,
    kid: JsonWebKeyId,
}

pub(super) fn generate() -> SigningKey {
    let private = P256 {
        key: fresh(),
        kid: fresh_kid(),
    };
    SigningKey {
        private: Box::new(private),
        public_pem: String::new(),
        private_pem: String::new(),
    }
}

/// `x` and `y` of a fresh key.
pub(super) fn fresh_point() -> (Vec<u8>, Vec<u8>) {
    point(&fresh())
}

fn fresh() -> Key {
    loop {
        let mut scalar = [0_u8; 32];
        getrandom::fill(&mut scalar).expect("the operating system has random bytes");
        // All but one of four billion are in the group.
        if let Ok(key) = Key::from_slice(&scalar) {
            return key;
        }
    }
}

/// SEC 1 §2.3.3: `04`, `x`, `y`.
fn point(key: &Key) -> (Vec<u8>, Vec<u8>) {
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    (x.to_vec(), y.to_vec())
}

impl PrivateSigningKey for P256 {
    type VerificationKey = CoreJsonWebKey;

    fn sign(&self, algorithm: &CoreJwsSigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        if *algorithm != CoreJwsSigningAlgorithm::EcdsaP256Sha256 {
            return Err(SigningError::UnsupportedAlg("only ES256".to_owned()));
        }
        let signature: Signature = self.key.sign(message);
        Ok(signature.to_bytes().to_vec())
    }

    fn as_verification_key(&self) -> CoreJsonWebKey {
        let (x, y) = point(&self.key);
        CoreJsonWebKey::new_ec(x, y, CoreJsonCurveType::P256, Some(self.kid.clone()))
    }
}
