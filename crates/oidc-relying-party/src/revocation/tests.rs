use serde_json::json;

use super::*;
use crate::tests::{
    answerer::Reply,
    provider::{CLIENT_SECRET, Provider, REFRESH_TOKEN, metadata},
};

const METADATA: &str = "/.well-known/openid-configuration";

async fn with_revocation() -> Provider {
    let provider = Provider::start().await;
    let mut document = metadata(provider.issuer());
    document["revocation_endpoint"] = json!(format!("{}/revoke", provider.issuer()));
    provider.set(METADATA, Reply::json(&document));
    provider
}

/// LO-03
#[tokio::test]
async fn the_request_has_the_token_a_hint_and_the_clients_credentials() {
    use crate::ClientAuthentication::{ClientSecretBasic, ClientSecretPost};
    let provider = with_revocation().await;
    provider.set("/revoke", Reply::new(200, "", ""));
    let post = [("client_id", "client"), ("client_secret", CLIENT_SECRET)];
    for (method, credentials) in [(ClientSecretBasic, &[][..]), (ClientSecretPost, &post[..])] {
        let relying_party = provider.relying_party_with(|it| it.client_authentication = Some(method));
        for hint in [TokenTypeHint::RefreshToken, TokenTypeHint::AccessToken] {
            let revoked = relying_party.revoke(&REFRESH_TOKEN.into(), hint).await;
            assert_eq!(revoked.expect("an answer"), Revocation::Done);
            let call = provider.calls("/revoke").pop().expect("a call");
            let own = [("token", REFRESH_TOKEN), ("token_type_hint", hint.name())];
            let form: Vec<_> = own
                .iter()
                .chain(credentials)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!((call.method.as_str(), call.form()), ("POST", form));
            let header = call.headers.contains_key("authorization");
            assert_eq!(header, method == ClientSecretBasic);
        }
    }
}

/// LO-03
#[tokio::test]
async fn answers_are_done_or_say_why_not() {
    let provider = with_revocation().await;
    let relying_party = provider.relying_party_with(|it| it.http_timeout = std::time::Duration::from_millis(300));
    let hint = TokenTypeHint::RefreshToken;
    for reply in [
        Reply::new(200, "text/html", "<html>"),
        Reply::new(204, "", ""),
        Reply::error(400, "unsupported_token_type"),
    ] {
        provider.set("/revoke", reply);
        let revoked = relying_party.revoke(&REFRESH_TOKEN.into(), hint).await;
        assert_eq!(revoked.expect("done"), Revocation::Done);
    }
    for (reply, code, fault) in [
        (
            Reply::error(503, "unsupported_token_type"),
            "revocation_status",
            Fault::Unavailable,
        ),
        (Reply::new(429, "", ""), "revocation_status", Fault::Unavailable),
        (
            Reply::new(404, "text/html", "<html>"),
            "revocation_status",
            Fault::Provider,
        ),
        (
            Reply::new(400, "text/html", "<html>"),
            "revocation_status",
            Fault::Provider,
        ),
        (Reply::redirect("/elsewhere"), "revocation_status", Fault::Provider),
        (
            Reply::error(401, "invalid_client"),
            "revocation_invalid_client",
            Fault::Settings,
        ),
        (
            Reply::error(400, "invalid_request"),
            "revocation_refused",
            Fault::Provider,
        ),
        (Reply::never(), "provider_timeout", Fault::Unavailable),
    ] {
        provider.set("/revoke", reply);
        let error = relying_party.revoke(&REFRESH_TOKEN.into(), hint).await.expect_err(code);
        assert_eq!((error.code(), error.fault()), (code, fault));
    }
    assert_eq!(provider.calls("/elsewhere").len(), 0, "the token is sent nowhere else");
}

/// LO-03
#[tokio::test]
async fn without_an_endpoint_nothing_is_sent() {
    let provider = Provider::start().await;
    let revoked = provider
        .relying_party()
        .revoke(&REFRESH_TOKEN.into(), TokenTypeHint::RefreshToken)
        .await;
    assert_eq!(revoked.expect("an answer"), Revocation::NotOffered);
}
