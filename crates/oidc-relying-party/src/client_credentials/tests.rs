use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    Fault,
    tests::{
        answerer::Reply,
        provider::{Provider, now},
    },
};

#[tokio::test]
async fn a_token_of_the_clients_own_is_asked_for_with_its_credentials() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let response = json!({ "access_token": "own", "token_type": "Bearer", "expires_in": 60, "refresh_token": "r" });
    provider.set("/token", Reply::json(&response));
    for (scope, form) in [
        (None, vec![("grant_type", "client_credentials")]),
        (
            Some("orders audit"),
            vec![("grant_type", "client_credentials"), ("scope", "orders audit")],
        ),
    ] {
        let token = relying_party.client_credentials(scope, false).await.expect("a token");
        assert_eq!(token.access_token.token.expose_secret(), "own");
        assert_eq!(token.expires_at, Some(now() + time::Duration::MINUTE));
        let call = provider.calls("/token").pop().expect("a token request");
        let sent = call.form();
        let sent: Vec<_> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(sent, form);
        assert!(call.headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn a_refusal_has_the_code_of_any_token_request() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    for (reply, code, fault) in [
        (
            Reply::error(400, "unauthorized_client"),
            "unauthorized_client",
            Fault::Settings,
        ),
        (
            Reply::new(503, "text/html", ""),
            "token_response_status",
            Fault::Unavailable,
        ),
        (
            Reply::json(&json!({ "access_token": "own", "token_type": "mac" })),
            "token_response_token_type",
            Fault::Provider,
        ),
    ] {
        provider.set("/token", reply);
        let error = relying_party.client_credentials(None, false).await.expect_err(code);
        assert_eq!((error.code(), error.fault()), (code, fault));
    }
    provider.set("/.well-known/openid-configuration", Reply::new(503, "text/html", ""));
    let error = provider
        .relying_party()
        .client_credentials(None, false)
        .await
        .expect_err("away");
    assert_eq!(error.code(), "metadata_status");
}
