//! The token endpoint and the ID Token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use provider::Endpoint;
use sha2::{Digest, Sha256};

use super::{NOW, basic, code, decoded, friendly, redeem, tokens};
use crate::browser::{get, post};

/// TOK-01
#[tokio::test]
async fn a_code_gets_tokens_of_the_right_kind() {
    let provider = friendly().await;
    let answer = redeem(&provider, &code(&provider).await, &[]).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let tokens = answer.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "openid profile email offline_access");
    let issued = provider.issued_secrets();
    for member in ["access_token", "refresh_token", "id_token"] {
        let secret = tokens[member].as_str().expect("a token").to_owned();
        assert!(issued.contains(&secret), "{member}");
    }
}

#[tokio::test]
async fn the_id_token_is_signed_with_the_published_key_and_says_what_it_must() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let token = tokens["id_token"].as_str().expect("an ID Token");
    let (header, claims) = decoded(token);
    assert_eq!((&header["alg"], &header["typ"]), (&"RS256".into(), &"JWT".into()));
    assert_eq!(claims["iss"], provider.issuer());
    assert_eq!(claims["aud"], "the client");
    assert_eq!(claims["nonce"], "the nonce");
    assert_eq!(claims["iat"], NOW);
    assert_eq!(claims["exp"], NOW + 300);
    assert_eq!(claims["auth_time"], NOW);
    assert!(claims["sub"].is_string() && claims["sid"].is_string());
    let access_token = tokens["access_token"].as_str().expect("an access token");
    let hash = &Sha256::digest(access_token)[..16];
    assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(hash));

    let jwks = get(&provider, "/jwks", &[]).await.json();
    let key: CoreJsonWebKey = serde_json::from_value(jwks["keys"][0].clone()).expect("a JWK");
    let (signing_input, signature) = token.rsplit_once('.').expect("a signature");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    key.verify_signature(&algorithm, signing_input.as_bytes(), &signature)
        .expect("a good signature");
}

/// TOK-10
#[tokio::test]
async fn a_code_works_once() {
    let provider = friendly().await;
    let code = code(&provider).await;
    assert_eq!(redeem(&provider, &code, &[]).await.status, 200);
    let again = redeem(&provider, &code, &[]).await;
    assert_eq!((again.status, &again.json()["error"]), (400, &"invalid_grant".into()));
}

/// TOK-01
#[tokio::test]
async fn redirect_uri_and_code_verifier_have_to_fit() {
    let provider = friendly().await;
    let other_verifier = "another-verifier-of-at-least-forty-three-chars";
    for (name, value, error) in [
        ("redirect_uri", Some("http://localhost:3000/"), "invalid_grant"),
        ("redirect_uri", None, "invalid_request"),
        ("code_verifier", Some(other_verifier), "invalid_grant"),
        ("code_verifier", None, "invalid_request"),
        ("code", Some("made up"), "invalid_grant"),
        ("code", None, "invalid_request"),
        ("grant_type", Some("password"), "unsupported_grant_type"),
        ("grant_type", None, "unsupported_grant_type"),
    ] {
        let code = code(&provider).await;
        let answer = redeem(&provider, &code, &[(name, value)]).await;
        assert_eq!(answer.status, 400, "{name}");
        assert_eq!(answer.json()["error"], error, "{name}");
    }
}

/// RT-02
#[tokio::test]
async fn a_refresh_token_is_rotated_and_its_id_token_has_no_nonce() {
    let provider = friendly().await;
    let first = tokens(&provider).await;
    let (_, claims) = decoded(first["id_token"].as_str().expect("an ID Token"));
    let old = first["refresh_token"].as_str().expect("a refresh token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", old)];
    let basic = basic();
    let headers = [("authorization", &*basic)];
    let second = post(&provider, "/token", &headers, &form).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let (_, refreshed) = decoded(second["id_token"].as_str().expect("an ID Token"));
    assert_eq!(refreshed.get("nonce"), None);
    for claim in ["sub", "sid", "auth_time", "aud"] {
        assert_eq!(refreshed[claim], claims[claim]);
    }
    let reused = post(&provider, "/token", &headers, &form).await;
    assert_eq!(reused.json()["error"], "invalid_grant");
    assert_eq!(provider.calls_to(Endpoint::Token).len(), 3);
}
