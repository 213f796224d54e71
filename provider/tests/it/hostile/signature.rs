//! Faults of the ID Token's signature.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm},
};
use provider::{Fault, Provider, SignatureFault};
use serde_json::Value;

use crate::{
    browser::get,
    friendly::{decoded, friendly, tokens},
};

/// An ID Token of a provider with a fault, and the keys that the provider publishes.
struct Signed {
    token: String,
    header: Value,
    keys: Vec<Value>,
}

async fn signed(provider: &Provider, fault: SignatureFault) -> Signed {
    provider.inject(Fault::IdTokenSignature(fault));
    let tokens = tokens(provider).await;
    let jwks = get(provider, "/jwks", &[]).await.json();
    provider.heal();
    let token = tokens["id_token"].as_str().expect("an ID Token").to_owned();
    Signed {
        header: decoded(&token).0,
        token,
        keys: jwks["keys"].as_array().expect("keys").clone(),
    }
}

impl Signed {
    fn signature(&self) -> Vec<u8> {
        let signature = self.token.rsplit('.').next().expect("three parts");
        URL_SAFE_NO_PAD.decode(signature).expect("base64url")
    }

    fn is_by(&self, key: &CoreJsonWebKey, algorithm: &Algorithm) -> bool {
        let (signing_input, _) = self.token.rsplit_once('.').expect("three parts");
        key.verify_signature(algorithm, signing_input.as_bytes(), &self.signature())
            .is_ok()
    }

    /// Whether the published key that the header names verifies the signature.
    fn is_good(&self, algorithm: &Algorithm) -> bool {
        let named = self.keys.iter().find(|key| key["kid"] == self.header["kid"]);
        self.is_by(&jwk(named.expect("the named key is published")), algorithm)
    }
}

fn jwk(json: &Value) -> CoreJsonWebKey {
    serde_json::from_value(json.clone()).expect("a JWK")
}

/// IDT-05
#[tokio::test]
async fn a_signature_can_be_one_that_the_named_key_did_not_make() {
    let provider = friendly().await;
    for fault in [
        SignatureFault::OtherKey,
        SignatureFault::FlippedBit,
        SignatureFault::OtherPayload,
        SignatureFault::Empty,
        SignatureFault::Bytes(vec![0; 64]),
    ] {
        let signed = signed(&provider, fault.clone()).await;
        assert_eq!(signed.header["alg"], "RS256", "{fault:?}");
        assert!(!signed.is_good(&Algorithm::RsaSsaPkcs1V15Sha256), "{fault:?}");
    }
}

/// DISC-09, IDT-05
#[tokio::test]
async fn the_other_key_is_the_foreign_one() {
    let provider = friendly().await;
    let signed = signed(&provider, SignatureFault::OtherKey).await;
    let foreign = provider.foreign_key();
    assert!(signed.is_by(&jwk(&foreign), &Algorithm::RsaSsaPkcs1V15Sha256));
    assert!(signed.keys.iter().all(|key| key["n"] != foreign["n"]));
}

/// IDT-03
#[tokio::test]
async fn alg_none_comes_with_an_empty_signature() {
    let provider = friendly().await;
    let signed = signed(&provider, SignatureFault::None).await;
    assert_eq!(signed.header["alg"], "none");
    assert!(signed.token.ends_with('.') && signed.signature().is_empty());
}

/// IDT-04
#[tokio::test]
async fn a_signature_can_be_an_hmac_with_a_text_that_is_public_or_shared() {
    let provider = friendly().await;
    let secret = |text: &str| CoreJsonWebKey::new_symmetric(text.as_bytes().to_vec());
    let client_secret = provider.issued_secrets().remove(0);
    for (fault, key) in [
        (SignatureFault::Hs256WithClientSecret, secret(&client_secret)),
        (SignatureFault::Hs256(b"guess".to_vec()), secret("guess")),
    ] {
        let signed = signed(&provider, fault).await;
        assert_eq!(signed.header["alg"], "HS256");
        assert!(signed.is_by(&key, &Algorithm::HmacSha256));
    }
    let signed = signed(&provider, SignatureFault::Hs256WithPublicKey).await;
    assert_eq!(
        (signed.header["alg"].as_str(), signed.signature().len()),
        (Some("HS256"), 32)
    );
}

/// IDT-02
#[tokio::test]
async fn a_signature_can_be_good_with_an_algorithm_that_nobody_agreed_on() {
    let provider = friendly().await;
    for algorithm in [
        Algorithm::RsaSsaPkcs1V15Sha384,
        Algorithm::RsaSsaPkcs1V15Sha512,
        Algorithm::RsaSsaPssSha256,
        Algorithm::EcdsaP256Sha256,
        Algorithm::EdDsa,
    ] {
        let fault = SignatureFault::OtherAlgorithm(algorithm.clone());
        let signed = signed(&provider, fault).await;
        assert_eq!(signed.header["alg"], serde_json::json!(algorithm));
        assert!(signed.is_good(&algorithm), "{algorithm:?}");
        let (_, claims) = decoded(&signed.token);
        assert!(claims["at_hash"].is_string(), "{algorithm:?}");
    }
}

/// DISC-13
#[tokio::test]
async fn a_key_of_1024_bits_is_published_and_signs() {
    let provider = friendly().await;
    let signed = signed(&provider, SignatureFault::ShortKey).await;
    assert_eq!(signed.signature().len(), 128);
    assert!(signed.is_good(&Algorithm::RsaSsaPkcs1V15Sha256));
}
