use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::*;
use crate::{
    ClientAuthentication,
    tests::{
        answerer::Reply,
        provider::{ACCESS_TOKEN, CLIENT_SECRET, CODE, CODE_VERIFIER, Provider, grant, token_response},
        signing_key::{RSA, jws, rs256},
    },
};

/// TOK-01, TOK-02
#[tokio::test]
async fn the_request_is_a_form_with_one_client_authentication() {
    let provider = Provider::start().await;
    let own = [
        ("grant_type", "authorization_code"),
        ("code", CODE),
        ("redirect_uri", "http://localhost:3000/auth/callback"),
        ("code_verifier", CODE_VERIFIER),
    ];
    let post = [("client_id", "client"), ("client_secret", CLIENT_SECRET)];
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("client:{CLIENT_SECRET}")));
    for (method, credentials, header) in [
        (ClientAuthentication::ClientSecretBasic, &[][..], Some(&basic)),
        (ClientAuthentication::ClientSecretPost, &post[..], None),
    ] {
        let relying_party = provider.relying_party_with(|it| it.client_authentication = Some(method));
        relying_party.redeem(grant()).await.expect("an authentication");
        let call = provider.calls("/token").pop().expect("a token request");
        let form: Vec<_> = own
            .iter()
            .chain(credentials)
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(call.form(), form);
        assert_eq!((call.method.as_str(), call.query), ("POST", None));
        assert_eq!(call.headers["content-type"], "application/x-www-form-urlencoded");
        assert_eq!(call.headers.get("authorization"), header);
    }
}

/// TOK-05, TOK-06, TOK-07, TOK-10
#[tokio::test]
async fn an_answer_that_is_no_token_response_fails_the_login() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let id_token = jws(&*RSA, &rs256(), &json!({}));
    let good = token_response(&id_token);
    let with = |member: &str, value: Value| {
        let mut response = good.clone();
        response[member] = value;
        Reply::json(&response)
    };
    let body = good.to_string();
    let cases = [
        (Reply::new(200, "text/html", body.clone()), "token_response_media_type"),
        (
            Reply::new(200, "application/json", &body[..body.len() - 1]),
            "token_response_malformed",
        ),
        (Reply::new(200, "application/json", "[]"), "token_response_malformed"),
        (
            Reply::new(201, "application/json", body.clone()),
            "token_response_status",
        ),
        (Reply::new(204, "application/json", ""), "token_response_status"),
        (Reply::redirect("/elsewhere"), "token_response_status"),
        (with("error", json!("invalid_grant")), "invalid_grant"),
        (with("error", json!(7)), "token_request_refused"),
        (with("access_token", Value::Null), "token_response_member"),
        (with("access_token", json!("")), "token_response_member"),
        (with("access_token", json!(7)), "token_response_member"),
        (with("access_token", json!("a\nb")), "token_response_member"),
        (with("token_type", Value::Null), "token_response_token_type"),
        (with("token_type", json!("mac")), "token_response_token_type"),
        (with("token_type", json!("N_A")), "token_response_token_type"),
        (with("token_type", json!(["Bearer"])), "token_response_token_type"),
        (with("id_token", Value::Null), "token_response_member"),
        (with("id_token", json!({})), "token_response_member"),
        (with("id_token", json!("")), "token_response_member"),
        (with("id_token", json!("e30.e30\u{1}.e30")), "token_response_member"),
        (with("refresh_token", json!(1)), "token_response_member"),
        (with("scope", json!(["openid", 7])), "token_response_member"),
    ];
    let count = cases.len();
    for (reply, code) in cases {
        let what = format!("{reply:?}");
        provider.set("/token", reply);
        assert_eq!(
            relying_party.redeem(grant()).await.expect_err(&what).code(),
            code,
            "{what}"
        );
    }
    assert_eq!(
        provider.calls("/token").len(),
        count,
        "TOK-10: one request for each answer"
    );
    assert_eq!(provider.calls("/elsewhere").len(), 0);
    assert_eq!(provider.calls("/userinfo").len(), 0);
}

/// TOK-10
#[tokio::test]
async fn errors_are_mapped_and_never_retried() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let cases = [
        (Reply::error(400, "invalid_grant"), "invalid_grant", Fault::Person),
        (Reply::error(401, "invalid_client"), "invalid_client", Fault::Settings),
        (Reply::error(400, "invalid_client"), "invalid_client", Fault::Settings),
        (
            Reply::error(400, "unauthorized_client"),
            "unauthorized_client",
            Fault::Settings,
        ),
        (
            Reply::error(400, "temporarily_unavailable"),
            "token_request_busy",
            Fault::Unavailable,
        ),
        (
            Reply::error(400, "never_heard_of"),
            "token_request_refused",
            Fault::Provider,
        ),
        (
            Reply::new(401, "text/html", "<html>"),
            "token_response_status",
            Fault::Provider,
        ),
        (
            Reply::new(404, "text/html", "<html>"),
            "token_response_status",
            Fault::Provider,
        ),
        (
            Reply::error(500, "invalid_grant"),
            "token_response_status",
            Fault::Unavailable,
        ),
        (
            Reply::new(429, "text/html", "<html>"),
            "token_response_status",
            Fault::Unavailable,
        ),
    ];
    for (calls, (reply, code, fault)) in cases.into_iter().enumerate() {
        provider.set("/token", reply);
        let error = relying_party.redeem(grant()).await.expect_err(code);
        assert_eq!((error.code(), error.fault()), (code, fault));
        assert_eq!(provider.calls("/token").len(), calls + 1, "{code}");
    }
}

/// TOK-11
#[tokio::test]
async fn a_token_endpoint_that_hangs_is_given_up() {
    let provider = Provider::start().await;
    provider.set("/token", Reply::never());
    let relying_party =
        provider.relying_party_with(|registration| registration.http_timeout = std::time::Duration::from_millis(200));
    let error = relying_party.redeem(grant()).await.expect_err("no answer");
    assert_eq!((error.code(), error.fault()), ("provider_timeout", Fault::Unavailable));
    assert_eq!(provider.calls("/token").len(), 1);
}

/// TOK-06, TOK-09
#[tokio::test]
async fn a_token_response_in_other_words_is_accepted() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let claims = crate::tests::provider::claims(provider.issuer());
    let mut response = token_response(&jws(&*RSA, &rs256(), &claims));
    response["token_type"] = json!("bEARER");
    response["scope"] = json!("openid");
    response["refresh_token"] = Value::Null;
    response["unknown"] = json!([1]);
    provider.set("/token", Reply::json(&response));
    let authentication = relying_party.redeem(grant()).await.expect("an authentication");
    let tokens = authentication.tokens();
    assert_eq!(
        tokens.scope, "openid",
        "the granted scope is smaller than the requested one"
    );
    assert!(tokens.refresh_token.is_none());
    assert_eq!(tokens.access_token.expose_secret(), ACCESS_TOKEN);
}
