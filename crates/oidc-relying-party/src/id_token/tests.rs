use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKey, PrivateSigningKey, core::CoreJsonWebKey};
use serde_json::json;

use super::*;
use crate::tests::{
    provider::{ACCESS_TOKEN, NONCE, claims, now, registration},
    signing_key::{ED25519, OTHER_RSA, RSA, jwk, jws, jws_of_text, rs256},
};
use bff_clock::ManualClock;

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

#[tokio::test]
async fn optional_claims_of_odd_types_do_no_harm() {
    let mut claims = claims(ISSUER);
    claims["email_verified"] = json!("true");
    claims["updated_at"] = json!("2026-11-23T00:00:00Z");
    claims["address"] = json!("a string");
    claims["amr"] = json!("pwd");
    assert_eq!(code(&jws(&*RSA, &rs256(), &claims)).await, "accepted");
}

#[tokio::test]
async fn idt_02_idt_03_idt_04_only_an_allowed_algorithm_is_accepted() {
    let hmac_header = json!({ "alg": "HS256", "kid": "1" });
    for name in [
        "none", "None", "nOnE", "HS256", "HS512", "RS384", "PS256", "ES256", "rs256", "", "RSA-OAEP",
    ] {
        let header = json!({ "alg": name, "kid": "1" });
        assert_eq!(
            code(&jws(&*RSA, &header, &claims(ISSUER))).await,
            "id_token_algorithm",
            "{name}"
        );
        let unsigned = jws(&*RSA, &header, &claims(ISSUER));
        let (signing_input, _) = unsigned.rsplit_once('.').expect("a JWS");
        assert_eq!(
            code(&format!("{signing_input}.")).await,
            "id_token_algorithm",
            "{name} without a signature"
        );
    }
    for header in [
        json!({ "kid": "1" }),
        json!({ "alg": ["RS256"] }),
        json!({ "alg": null }),
    ] {
        assert_eq!(
            code(&jws(&*RSA, &header, &claims(ISSUER))).await,
            "id_token_algorithm",
            "{header}"
        );
    }
    // An attacker may use the public key as the key of an HMAC.
    let public = jwk(&*RSA, json!({}))["n"].as_str().expect("a modulus").to_owned();
    let hmac = openidconnect::core::CoreHmacKey::new(public);
    assert_eq!(
        code(&jws(&hmac, &hmac_header, &claims(ISSUER))).await,
        "id_token_algorithm"
    );
    // The signature is good, but EdDSA is not an allowed algorithm.
    let ed25519 = jws(&*ED25519, &json!({ "alg": "EdDSA", "kid": "2" }), &claims(ISSUER));
    assert_eq!(code(&ed25519).await, "id_token_algorithm");
    verified(&ed25519, &[IdTokenAlgorithm::EdDsa])
        .await
        .expect("EdDSA is allowed here");
}

#[tokio::test]
async fn idt_05_every_bit_is_signed() {
    let id_token = jws(&*RSA, &rs256(), &claims(ISSUER));
    let parts: Vec<&str> = id_token.split('.').collect();
    let swapped = BASE64_URL_SAFE_NO_PAD.encode(with("sub", json!("mallory")).to_string());
    let mut signature = BASE64_URL_SAFE_NO_PAD.decode(parts[2]).expect("a signature");
    signature[100] ^= 1;
    let flipped = BASE64_URL_SAFE_NO_PAD.encode(signature);
    for forged in [
        format!("{}.{swapped}.{}", parts[0], parts[2]),
        format!("{}.{}.{flipped}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.AAAA", parts[0], parts[1]),
        jws(&*OTHER_RSA, &rs256(), &claims(ISSUER)),
    ] {
        assert_eq!(code(&forged).await, "id_token_signature", "{forged}");
    }
}

#[tokio::test]
async fn idt_08_lo_21_tokens_of_another_kind_are_refused() {
    for typ in [
        "at+jwt",
        "application/at+jwt",
        "logout+jwt",
        "dpop+jwt",
        "client-authentication+jwt",
        "JWT+x",
        "",
    ] {
        let header = json!({ "alg": "RS256", "kid": "1", "typ": typ });
        assert_eq!(
            code(&jws(&*RSA, &header, &claims(ISSUER))).await,
            "id_token_typ",
            "{typ}"
        );
    }
    for typ in ["JWT", "jwt", "application/jwt", "JOSE"] {
        let header = json!({ "alg": "RS256", "kid": "1", "typ": typ });
        assert_eq!(code(&jws(&*RSA, &header, &claims(ISSUER))).await, "accepted", "{typ}");
    }
    assert_eq!(
        code(&jws(&*RSA, &rs256(), &with("events", json!({})))).await,
        "id_token_events"
    );
}

#[tokio::test]
async fn idt_20_a_payload_with_duplicate_members_is_refused() {
    let payload = claims(ISSUER).to_string().replacen('{', r#"{"sub":"mallory","#, 1);
    assert_eq!(
        code(&jws_of_text(&*RSA, &rs256().to_string(), &payload)).await,
        "token_duplicate_member"
    );
}

#[tokio::test]
async fn idt_18_at_hash_has_to_be_the_access_tokens() {
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
        for unsaid in [json!(""), Value::Null] {
            let good = jws(&*RSA, &header, &with("at_hash", unsaid));
            verified(&good, &[algorithm]).await.expect("no hash");
        }
        for wrong in [json!("AAAAAAAAAAAAAAAAAAAAAA"), json!(7)] {
            let bad = jws(&*RSA, &header, &with("at_hash", wrong));
            let error = verified(&bad, &[algorithm]).await.expect_err("a wrong hash");
            assert_eq!(error.code(), "id_token_access_token_hash");
        }
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
