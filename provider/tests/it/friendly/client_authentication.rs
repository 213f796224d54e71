//! Client authentication.

use std::sync::LazyLock;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use provider::{Authentication, Provider};
use serde_json::{Value, json};

use super::{CALLBACK, NOW, VERIFIER, basic, code, friendly, started};
use crate::browser::post;

/// TOK-02
#[tokio::test]
async fn a_client_proves_itself_in_exactly_one_way() {
    let provider = friendly().await;
    let not_encoded = format!("Basic {}", STANDARD.encode("the client:s:e+c%r e&t ü"));
    let secret = "s:e+c%r e&t ü";
    let basic = basic();
    for (header, body, status) in [
        (Some(&*basic), vec![], 200),
        (Some(&*basic), vec![("client_id", "the client")], 200),
        (None, vec![("client_id", "the client"), ("client_secret", secret)], 200),
        (Some(&*basic), vec![("client_id", "another")], 400),
        (
            Some(&*basic),
            vec![("client_id", "the client"), ("client_secret", secret)],
            400,
        ),
        (None, vec![("client_id", "the client"), ("client_secret", "guess")], 401),
        (None, vec![("client_id", "the client")], 401),
        (Some("Basic !"), vec![], 401),
        (Some(&*not_encoded), vec![], 401),
    ] {
        let code = code(&provider).await;
        let headers: Vec<_> = header.map(|value| ("authorization", value)).into_iter().collect();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        form.extend(&body);
        let answer = post(&provider, "/token", &headers, &form).await;
        assert_eq!(answer.status, status, "{header:?} {body:?}");
        if status == 401 {
            assert_eq!(answer.json()["error"], "invalid_client");
            assert!(answer.header("www-authenticate").is_some());
        }
    }
}

/// TOK-02
#[tokio::test]
async fn a_client_authentication_that_is_not_registered_is_not_taken() {
    for (registered, header, status) in [
        (Authentication::ClientSecretBasic, true, 200),
        (Authentication::ClientSecretBasic, false, 401),
        (Authentication::ClientSecretPost, true, 401),
        (Authentication::ClientSecretPost, false, 200),
        (Authentication::PrivateKeyJwt(json!({ "keys": [] })), true, 401),
        (Authentication::PrivateKeyJwt(json!({ "keys": [] })), false, 401),
    ] {
        let provider = started(|it| it.client.authentication = registered.clone()).await;
        let basic = basic();
        let headers: &[_] = if header { &[("authorization", &*basic)] } else { &[] };
        let mut form = vec![("grant_type", "client_credentials")];
        if !header {
            form.extend([("client_id", "the client"), ("client_secret", "s:e+c%r e&t ü")]);
        }
        let answer = post(&provider, "/token", headers, &form).await;
        assert_eq!(answer.status, status, "{registered:?} in a header: {header}");
    }
}

/// TOK-02
#[tokio::test]
async fn a_certificate_is_the_clients_if_its_identifier_comes_with_it() {
    let provider = started(|it| it.client.authentication = Authentication::TlsClientAuth).await;
    let shown = [("x-client-certificate", "verified")];
    for (headers, id, further, status) in [
        (&shown[..], "the client", None, 200),
        (&shown[..], "another", None, 401),
        (&[], "the client", None, 401),
        (&shown[..], "the client", Some(("client_secret", "s:e+c%r e&t ü")), 401),
    ] {
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", id)];
        form.extend(further);
        let answer = post(&provider, "/token", headers, &form).await;
        assert_eq!(answer.status, status, "{headers:?} {id} {further:?}");
    }
}

/// Asks for a token with an assertion whose claims are valid but for `changes`. A member with `null` is left out.
async fn assert_with(provider: &Provider, header: &Value, changes: &Value) -> (u16, String) {
    let now = NOW;
    let mut claims = json!({
        "iss": "the client", "sub": "the client", "aud": provider.issuer(), "exp": now + 60, "iat": now, "jti": "1",
    });
    for (name, value) in changes.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let input = format!("{}.{}", part(header), part(&claims));
    let signature = KEY
        .sign(&CoreJwsSigningAlgorithm::EdDsa, input.as_bytes())
        .expect("a signature");
    let assertion = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "the client"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", &assertion),
    ];
    let answer = post(provider, "/token", &[], &form).await;
    (
        answer.status,
        answer.json()["error"].as_str().unwrap_or_default().to_owned(),
    )
}

/// The Ed25519 key of RFC 8037 §A.1.
static KEY: LazyLock<CoreEdDsaPrivateSigningKey> = LazyLock::new(|| {
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
               -----END PRIVATE KEY-----\n";
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new("k".to_owned()))).expect("a key")
});

/// TOK-04
#[tokio::test]
async fn an_assertion_is_taken_once_if_it_is_ours_and_for_this_provider() {
    let key = serde_json::to_value(KEY.as_verification_key()).expect("a JWK");
    let jwks = json!({ "keys": [key] });
    let provider = started(|it| it.client.authentication = Authentication::PrivateKeyJwt(jwks)).await;
    let good = json!({ "alg": "EdDSA", "kid": "k" });
    let refused = (401, "invalid_client".to_owned());
    let issuer = provider.issuer().to_owned();
    for changes in [
        json!({ "iss": "another" }),
        json!({ "sub": "another" }),
        json!({ "aud": format!("{issuer}/token") }),
        json!({ "aud": [issuer] }),
        json!({ "aud": format!("{issuer}/") }),
        json!({ "exp": NOW }),
        json!({ "exp": NOW + 301 }),
        json!({ "exp": "soon" }),
        json!({ "exp": null }),
        json!({ "jti": null }),
    ] {
        assert_eq!(assert_with(&provider, &good, &changes).await, refused, "{changes}");
    }
    for header in [
        json!({ "alg": "none", "kid": "k" }),
        json!({ "alg": "HS256", "kid": "k" }),
        json!({ "alg": "RS256", "kid": "k" }),
        json!({ "alg": "EdDSA", "kid": "another" }),
        json!({ "alg": "EdDSA" }),
    ] {
        assert_eq!(assert_with(&provider, &header, &json!({})).await, refused, "{header}");
    }
    assert_eq!(assert_with(&provider, &good, &json!({})).await, (200, String::new()));
    assert_eq!(
        assert_with(&provider, &good, &json!({})).await,
        refused,
        "an assertion is good once"
    );
    assert_eq!(assert_with(&provider, &good, &json!({ "jti": "2" })).await.0, 200);
}
