//! Signing an ID Token or a logout token, rightly or not (RFC 7515 §5.1).

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    PrivateSigningKey,
    core::{CoreHmacKey, CoreJwsSigningAlgorithm},
};

use crate::{
    faults::SignatureFault,
    keys::{self, SigningKey},
    state::ProviderState,
};

/// The value of the `alg` header unless another fault sets it.
pub(crate) fn algorithm(fault: Option<&SignatureFault>) -> CoreJwsSigningAlgorithm {
    match fault {
        Some(SignatureFault::None) => CoreJwsSigningAlgorithm::None,
        Some(SignatureFault::Hs256(_) | SignatureFault::Hs256WithPublicKey | SignatureFault::Hs256WithClientSecret) => {
            CoreJwsSigningAlgorithm::HmacSha256
        }
        Some(SignatureFault::OtherAlgorithm(algorithm)) => algorithm.clone(),
        _ => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    }
}

/// The published key that the `kid` header names.
pub(crate) fn named_key(provider: &ProviderState, fault: Option<&SignatureFault>) -> Arc<SigningKey> {
    extra_key(fault).unwrap_or_else(|| provider.keys.current())
}

/// The key that has to be published for this fault to be the only thing wrong.
pub(crate) fn extra_key(fault: Option<&SignatureFault>) -> Option<Arc<SigningKey>> {
    match fault {
        Some(SignatureFault::ShortKey) => Some(keys::short()),
        Some(SignatureFault::OtherAlgorithm(CoreJwsSigningAlgorithm::EdDsa)) => Some(keys::ed25519()),
        Some(SignatureFault::OtherAlgorithm(CoreJwsSigningAlgorithm::EcdsaP256Sha256)) => Some(keys::p256()),
        _ => None,
    }
}

/// The compact serialisation of `signing_input` with its signature.
pub(crate) fn sign(
    provider: &ProviderState,
    fault: Option<&SignatureFault>,
    algorithm: &CoreJwsSigningAlgorithm,
    signing_input: &str,
) -> String {
    let signature = match fault {
        Some(SignatureFault::None | SignatureFault::Empty) => Vec::new(),
        Some(SignatureFault::Bytes(bytes)) => bytes.clone(),
        Some(SignatureFault::Hs256(secret)) => hmac(secret, signing_input),
        Some(SignatureFault::Hs256WithPublicKey) => hmac(provider.keys.current().public_pem.as_bytes(), signing_input),
        Some(SignatureFault::Hs256WithClientSecret) => hmac(provider.settings.client.secret.as_bytes(), signing_input),
        Some(SignatureFault::OtherKey) => by(&keys::foreign(), algorithm, signing_input),
        Some(SignatureFault::OtherPayload) => {
            let other = format!("{signing_input}A");
            by(&provider.keys.current(), algorithm, &other)
        }
        Some(SignatureFault::FlippedBit) => {
            let mut signature = by(&provider.keys.current(), algorithm, signing_input);
            let middle = signature.len() / 2;
            signature[middle] ^= 1;
            signature
        }
        None | Some(SignatureFault::OtherAlgorithm(_) | SignatureFault::ShortKey) => {
            by(&named_key(provider, fault), algorithm, signing_input)
        }
    };
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn by(key: &SigningKey, algorithm: &CoreJwsSigningAlgorithm, signing_input: &str) -> Vec<u8> {
    let signature = key.private.sign(algorithm, signing_input.as_bytes());
    signature.expect("SignatureFault says which algorithms there are")
}

fn hmac(secret: &[u8], signing_input: &str) -> Vec<u8> {
    let signature = CoreHmacKey::new(secret).sign(&CoreJwsSigningAlgorithm::HmacSha256, signing_input.as_bytes());
    signature.expect("an HMAC takes any secret")
}
