//! Faults of the JSON documents.

use provider::{Fault, SignatureFault};
use serde_json::{Value, json};

use crate::{
    browser::get,
    friendly::{decoded, friendly, tokens},
};

/// DISC-02, DISC-08
#[tokio::test]
async fn a_metadata_member_can_be_set_or_left_out() {
    let provider = friendly().await;
    let path = "/.well-known/openid-configuration";
    let mut good = get(&provider, path, &[]).await.json();
    provider.inject(Fault::MetadataMember("issuer", json!("https://evil.example")));
    provider.inject(Fault::MetadataWithoutMember("end_session_endpoint"));
    let bad = get(&provider, path, &[]).await.json();
    good["issuer"] = json!("https://evil.example");
    good.as_object_mut().expect("metadata").remove("end_session_endpoint");
    assert_eq!(bad, good);
    assert!(
        !provider.issuer().contains("evil"),
        "the fault changes only the metadata"
    );
}

/// DISC-12
#[tokio::test]
async fn the_jwks_can_have_more_other_and_broken_entries() {
    let provider = friendly().await;
    let good = get(&provider, "/jwks", &[]).await.json()["keys"][0].clone();
    provider.inject(Fault::JwksExtraKey(json!({ "kty": "foo" })));
    provider.inject(Fault::JwksExtraKey(json!("not even an object")));
    let more = get(&provider, "/jwks", &[]).await.json();
    assert_eq!(more, json!({ "keys": [{ "kty": "foo" }, "not even an object", good] }));

    provider.heal();
    provider.inject(Fault::JwksKeyMember("use", json!("enc")));
    provider.inject(Fault::JwksKeyWithoutMember("kid"));
    let mut changed = good.clone();
    changed["use"] = json!("enc");
    changed.as_object_mut().expect("a key").remove("kid");
    assert_eq!(get(&provider, "/jwks", &[]).await.json(), json!({ "keys": [changed] }));

    provider.inject(Fault::JwksMember("keys", json!([])));
    assert_eq!(get(&provider, "/jwks", &[]).await.json(), json!({ "keys": [] }));
    provider.heal();
    assert_eq!(get(&provider, "/jwks", &[]).await.json(), json!({ "keys": [good] }));
}

/// DISC-12
#[tokio::test]
async fn the_key_that_signs_can_stand_among_others_of_four_kinds_without_a_name() {
    let provider = friendly().await;
    let good = get(&provider, "/jwks", &[]).await.json()["keys"][0].clone();
    provider.inject(Fault::JwksOfFourKinds);
    let jwks = get(&provider, "/jwks", &[]).await.json();
    let keys = jwks["keys"].as_array().expect("keys");
    let of = |member: &str, value: &str| keys.iter().filter(|key| key[member] == value).count();
    let kinds = [
        ("kty", "RSA"),
        ("crv", "P-256"),
        ("crv", "secp256k1"),
        ("crv", "Ed25519"),
    ];
    assert_eq!(kinds.map(|(member, value)| of(member, value)), [3; 4]);
    assert!(
        keys.iter()
            .all(|key| key.get("kid").is_none() && key.get("alg").is_none())
    );
    assert!(keys.iter().any(|key| key["n"] == good["n"]));
}

/// TOK-05, TOK-06, TOK-07, TOK-08
#[tokio::test]
async fn a_member_of_the_token_response_can_be_set_or_left_out() {
    let provider = friendly().await;
    provider.inject(Fault::TokenMember("token_type", json!("mac")));
    provider.inject(Fault::TokenMember("expires_in", json!(-1)));
    provider.inject(Fault::TokenWithoutMember("id_token"));
    let tokens = tokens(&provider).await;
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("mac"), &json!(-1))
    );
    assert_eq!(tokens.get("id_token"), None);
    assert!(tokens["access_token"].is_string());
}

/// UI-02
#[tokio::test]
async fn a_claim_of_userinfo_can_be_set_or_left_out() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().expect("a token"));
    let headers = [("authorization", &*bearer)];
    provider.inject(Fault::UserinfoClaim("sub", Value::Null));
    provider.inject(Fault::UserinfoWithoutClaim("name"));
    let claims = get(&provider, "/userinfo", &headers).await.json();
    assert_eq!((claims.get("sub"), claims.get("name")), (Some(&Value::Null), None));
    assert_eq!(claims["email"], "alice@example.com");
}

/// UI-03
#[tokio::test]
async fn userinfo_can_be_signed_well_and_otherwise() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().expect("a token"));
    let headers = [("authorization", &*bearer)];
    provider.inject(Fault::UserinfoSigned);
    let answer = get(&provider, "/userinfo", &headers).await;
    assert_eq!(answer.header("content-type"), Some("application/jwt"));
    let (header, claims) = decoded(&answer.text());
    assert_eq!(
        (&header["alg"], &claims["iss"]),
        (&json!("RS256"), &json!(provider.issuer()))
    );
    assert_eq!(
        (&claims["aud"], &claims["email"]),
        (&json!("the client"), &json!("alice@example.com"))
    );
    provider.inject(Fault::UserinfoSignature(SignatureFault::None));
    let unsigned = get(&provider, "/userinfo", &headers).await.text();
    assert!(unsigned.ends_with('.') && decoded(&unsigned).0["alg"] == "none");
}
