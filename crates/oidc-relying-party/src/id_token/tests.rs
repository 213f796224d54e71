use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKey, PrivateSigningKey, core::CoreJsonWebKey};
use serde_json::json;

use super::*;
use crate::Fault;
use crate::tests::{
    provider::{ACCESS_TOKEN, CLIENT_SECRET, NONCE, claims, now, registration},
    signing_key::{ED25519, OTHER_RSA, RSA, jwk, jws, jws_of_text, rs256},
};
use bff_clock::ManualClock;

mod faults;

const ISSUER: &str = "https://op.example";

async fn verified(id_token: &str, algorithms: &[IdTokenAlgorithm]) -> Result<VerifiedIdToken, IdTokenError> {
    let registration = registration(ISSUER);
    let nonce = NONCE.into();
    let expected = Expectations {
        wanted: None,
        registration: &registration,
        algorithms,
        nonce: NonceRule::Equal(&nonce),
        now: now(),
    };
    let cached = CachedKeys::new(Arc::new(ManualClock::new(now())));
    let document = json!({ "keys": [jwk(&*RSA, json!({ "kid": "1" })), jwk(&*ED25519, json!({ "kid": "2" }))] });
    let document = document.as_object().expect("an object");
    verify(&id_token.into(), &ACCESS_TOKEN.into(), &expected, &cached, || async {
        SigningKeys::from_document(document)
    })
    .await
}

async fn code(id_token: &str) -> &'static str {
    match verified(id_token, &[IdTokenAlgorithm::Rs256]).await {
        Ok(_) => "accepted",
        Err(error) => {
            assert_eq!(error.fault(), Fault::Provider);
            error.code()
        }
    }
}

fn with(claim: &str, value: Value) -> Value {
    let mut claims = claims(ISSUER);
    claims[claim] = value;
    claims
}

#[tokio::test]
async fn an_id_token_that_is_right_in_everything_is_accepted() {
    let id_token = jws(&*RSA, &rs256(), &claims(ISSUER));
    let verified = verified(&id_token, &[IdTokenAlgorithm::Rs256])
        .await
        .expect("a verified ID Token");
    assert_eq!(
        (verified.subject.as_str(), verified.sid.as_deref()),
        ("alice", Some("session-1"))
    );
    assert_eq!(Value::Object(verified.claims), claims(ISSUER));
}

/// IDT-18
#[tokio::test]
async fn at_hash_is_made_with_the_hash_of_the_algorithm() {
    let hash = |key: &CoreJsonWebKey, algorithm: IdTokenAlgorithm| {
        let hash = key
            .hash_bytes(ACCESS_TOKEN.as_bytes(), &algorithm.jws())
            .expect("a hash");
        json!(BASE64_URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2]))
    };
    let rsa = RSA.as_verification_key();
    for algorithm in [
        IdTokenAlgorithm::Rs256,
        IdTokenAlgorithm::Rs384,
        IdTokenAlgorithm::Ps512,
    ] {
        let header = json!({ "alg": algorithm.name(), "kid": "1" });
        let good = jws(&*RSA, &header, &with("at_hash", hash(&rsa, algorithm)));
        verified(&good, &[algorithm]).await.expect("the right hash");
    }
    let ed25519 = ED25519.as_verification_key();
    let header = json!({ "alg": "EdDSA", "kid": "2" });
    let good = jws(
        &*ED25519,
        &header,
        &with("at_hash", hash(&ed25519, IdTokenAlgorithm::EdDsa)),
    );
    verified(&good, &[IdTokenAlgorithm::EdDsa])
        .await
        .expect("the right hash");
}
