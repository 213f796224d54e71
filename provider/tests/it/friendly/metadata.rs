//! Metadata and keys.

use serde_json::json;

use super::{decoded, friendly, started, tokens};
use crate::browser::get;

/// DISC-01
#[tokio::test]
async fn the_metadata_names_the_issuer_exactly_and_every_endpoint_under_it() {
    let provider = friendly().await;
    let answer = get(&provider, "/.well-known/openid-configuration", &[]).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let metadata = answer.json();
    let issuer = provider.issuer();
    assert!(issuer.starts_with("http://127.0.0.1:") && !issuer.ends_with('/'));
    assert_eq!(metadata["issuer"], issuer);
    for (member, path) in [
        ("authorization_endpoint", "/authorize"),
        ("token_endpoint", "/token"),
        ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/jwks"),
        ("end_session_endpoint", "/end-session"),
        ("revocation_endpoint", "/revoke"),
    ] {
        assert_eq!(metadata[member], format!("{issuer}{path}"));
    }
}

/// DISC-01
#[tokio::test]
async fn an_issuer_may_have_a_path_and_everything_is_below_it() {
    for path in ["/", "/t1", "/t1/"] {
        let provider = started(|settings| settings.issuer_path = path).await;
        let issuer = provider.issuer().to_owned();
        assert!(issuer.ends_with(path) && !issuer.ends_with("//"));
        let under = path.trim_end_matches('/');
        let metadata = get(&provider, &format!("{under}/.well-known/openid-configuration"), &[])
            .await
            .json();
        assert_eq!(metadata["issuer"], issuer);
        let token_endpoint = metadata["token_endpoint"].as_str().expect("an address");
        assert_eq!(token_endpoint, format!("{}/token", issuer.trim_end_matches('/')));
        let doubled = get(&provider, &format!("{under}//jwks"), &[]).await;
        assert!(doubled.json()["keys"].is_array());
        if !under.is_empty() {
            assert_eq!(
                get(&provider, "/jwks", &[]).await.status,
                404,
                "the path is outside the issuer"
            );
        }
        let paths: Vec<String> = provider.calls().into_iter().map(|call| call.path).collect();
        assert_eq!(
            paths[0],
            format!("{under}/.well-known/openid-configuration"),
            "the recorded path is the one that was sent"
        );
    }
}

/// DISC-07, CB-06
#[tokio::test]
async fn the_metadata_says_what_the_provider_demands_and_sends() {
    let provider = friendly().await;
    let metadata = get(&provider, "/.well-known/openid-configuration", &[]).await.json();
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    assert_eq!(metadata["id_token_signing_alg_values_supported"], json!(["RS256"]));
    let methods = json!([
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "tls_client_auth"
    ]);
    assert_eq!(metadata["token_endpoint_auth_methods_supported"], methods);
    for member in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
    ] {
        assert_eq!(metadata[member], true, "{member}");
    }
    let grants = json!(["authorization_code", "refresh_token", "client_credentials"]);
    assert_eq!(metadata["grant_types_supported"], grants);
    let claims = metadata["claims_supported"].as_array().expect("claims");
    assert!(claims.contains(&json!("roles")) && claims.contains(&json!("sid")));
}

#[tokio::test]
async fn the_jwks_shows_the_public_half_of_one_key_that_signed_the_id_token() {
    let provider = friendly().await;
    let jwks = get(&provider, "/jwks", &[]).await.json();
    let keys = jwks["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 1);
    let mut members: Vec<&String> = keys[0].as_object().expect("a key").keys().collect();
    members.sort();
    assert_eq!(members, ["e", "kid", "kty", "n", "use"], "no private member");
    let tokens = tokens(&provider).await;
    let (header, _) = decoded(tokens["id_token"].as_str().expect("an ID Token"));
    assert_eq!(header["kid"], keys[0]["kid"]);
}

/// DISC-10
#[tokio::test]
async fn after_a_rotation_another_key_signs_and_the_old_one_stays_published() {
    let provider = friendly().await;
    let before = get(&provider, "/jwks", &[]).await.json()["keys"][0].clone();
    provider.rotate_keys();
    let after = get(&provider, "/jwks", &[]).await.json();
    assert_eq!(after["keys"][1], before);
    let new = &after["keys"][0];
    assert_ne!(new["n"], before["n"]);
    assert_ne!(new["n"], provider.foreign_key()["n"]);
    let tokens = tokens(&provider).await;
    let (header, _) = decoded(tokens["id_token"].as_str().expect("an ID Token"));
    assert_eq!(header["kid"], new["kid"]);
}
