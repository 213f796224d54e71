//! The Basic plan, and modules of the full plan that apply.

use super::{accepts, fails_in, rejects, succeeds_in};
use crate::world::World;
use provider::{Endpoint, Fault, SignatureFault};
use serde_json::{Value, json};

#[tokio::test]
async fn oidcc_client_test() {
    accepts([]).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_iss() {
    rejects(Fault::IdTokenClaimSuffix("iss", "1")).await;
}

#[tokio::test]
async fn oidcc_client_test_missing_sub() {
    rejects(Fault::IdTokenWithoutClaim("sub")).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_aud() {
    rejects(Fault::IdTokenClaimSuffix("aud", "1")).await;
}

#[tokio::test]
async fn oidcc_client_test_missing_aud() {
    rejects(Fault::IdTokenWithoutClaim("aud")).await;
}

#[tokio::test]
async fn oidcc_client_test_missing_iat() {
    rejects(Fault::IdTokenWithoutClaim("iat")).await;
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks() {
    accepts([Fault::IdTokenWithoutHeader("kid"), Fault::JwksKeyWithoutMember("kid")]).await;
}

/// Three keys of each kind, without `kid` and `alg`. To refuse would do as well; here each that fits is tried.
#[tokio::test]
async fn oidcc_client_test_kid_absent_multiple_jwks() {
    let world = World::start().await;
    let rsa = world.provider.foreign_key();
    let mut faults = vec![Fault::IdTokenWithoutHeader("kid")];
    for _ in 0..3 {
        let others = [
            rsa.clone(),
            // RFC 7517 appendix A.1, and the generator of secp256k1 (SEC 2 §2.4.1).
            json!({"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}),
            json!({"kty": "EC", "crv": "secp256k1", "x": "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
                "y": "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}),
            // RFC 8037 appendix A.2.
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
        ];
        faults.extend(others.map(Fault::JwksExtraKey));
    }
    faults.extend(["kid", "alg", "use"].map(Fault::JwksKeyWithoutMember));
    succeeds_in(&world, faults).await;
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_rs256() {
    accepts([Fault::IdTokenHeader("alg", json!("RS256"))]).await;
}

/// The suite lets a relying party that refuses skip the module.
#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none() {
    rejects(Fault::IdTokenSignature(SignatureFault::None)).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_rs256() {
    rejects(Fault::IdTokenSignature(SignatureFault::FlippedBit)).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_es256() {
    let world = World::start_with(&[("BFF_ID_TOKEN_ALGORITHMS", "RS256 ES256")]).await;
    world.inject(Fault::MetadataMember(
        "id_token_signing_alg_values_supported",
        json!(["RS256", "ES256"]),
    ));
    world.inject(Fault::JwksExtraKey(
        json!({"kty": "EC", "crv": "P-256", "kid": "es256", "use": "sig",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}),
    ));
    world.inject(Fault::IdTokenHeader("alg", json!("ES256")));
    world.inject(Fault::IdTokenHeader("kid", json!("es256")));
    fails_in(&world, [Fault::IdTokenSignature(SignatureFault::Bytes(vec![1; 64]))], 1).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_hs256() {
    rejects(Fault::IdTokenSignature(SignatureFault::Hs256(
        b"not the secret".to_vec(),
    )))
    .await;
}

#[tokio::test]
async fn oidcc_client_test_userinfo_invalid_sub() {
    let world = World::start().await;
    world.inject(Fault::UserinfoClaim("sub", json!("invalid")));
    let mut browser = world.browser();
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert!(landing.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
    assert_eq!(browser.session().await["status"], "anonymous");
}

#[tokio::test]
async fn oidcc_client_test_nonce_invalid() {
    rejects(Fault::IdTokenClaimSuffix("nonce", "1")).await;
}

#[tokio::test]
async fn oidcc_client_test_scope_userinfo_claims() {
    let world = World::start_with(&[("BFF_SCOPES", "openid profile email")]).await;
    let claims = ["name", "email", "email_verified"];
    succeeds_in(&world, claims.map(Fault::IdTokenWithoutClaim)).await;
    let mut browser = world.signed_in("alice").await;
    let session = browser.session().await;
    for claim in claims {
        assert_ne!(
            session["claims"][claim],
            Value::Null,
            "{claim} comes from userinfo: {session}"
        );
    }
}

#[tokio::test]
async fn oidcc_client_test_client_secret_basic() {
    let world = accepts([]).await;
    let call = &world.provider.calls_to(Endpoint::Token)[0];
    assert!(
        call.header("authorization")
            .is_some_and(|value| value.starts_with("Basic "))
    );
    assert_eq!(
        (call.parameter("client_secret"), call.parameter("client_id")),
        (None, None)
    );
}

#[tokio::test]
async fn oidcc_client_test_userinfo_bearer_header() {
    let world = accepts([]).await;
    let call = &world.provider.calls_to(Endpoint::Userinfo)[0];
    assert!(
        call.header("authorization")
            .is_some_and(|value| value.starts_with("Bearer "))
    );
    assert_eq!(call.parameter("access_token"), None);
}

/// A module of the hybrid flow, whose input serves here too.
#[tokio::test]
async fn oidcc_client_test_invalid_athash() {
    rejects(Fault::IdTokenClaim("at_hash", json!("invalid"))).await;
}
