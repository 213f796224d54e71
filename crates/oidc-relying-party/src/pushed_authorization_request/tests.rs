use serde_json::{Value, json};
use std::time::Duration;

use super::*;
use crate::{
    AuthenticationWanted, AuthorizationParameters, AuthorizationRequestError, ClientAuthentication, RelyingParty,
    Usage,
    tests::{
        answerer::Reply,
        provider::{CLIENT_SECRET, CODE_VERIFIER, NONCE, Provider, metadata},
    },
};

const METADATA: &str = "/.well-known/openid-configuration";
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:a&b=c";

async fn with_endpoint() -> Provider {
    let provider = Provider::start().await;
    let mut document = metadata(provider.issuer());
    document["pushed_authorization_request_endpoint"] = json!(format!("{}/par", provider.issuer()));
    document["authorization_endpoint"] = json!(format!("{}/authorize?tenant=7", provider.issuer()));
    provider.set(METADATA, Reply::json(&document));
    provider.set(
        "/par",
        created(&json!({ "request_uri": REQUEST_URI, "expires_in": 60 })),
    );
    provider
}

fn created(body: &Value) -> Reply {
    Reply::new(201, "application/json", body.to_string())
}

async fn request(relying_party: &RelyingParty) -> Result<Url, AuthorizationRequestError> {
    let parameters = AuthorizationParameters {
        state: "state".to_owned(),
        nonce: NONCE.into(),
        code_verifier: CODE_VERIFIER.into(),
        prompt: None,
        wanted: AuthenticationWanted {
            max_age: Some(300),
            ..AuthenticationWanted::default()
        },
        expected: None,
        dpop_key: None,
    };
    relying_party.authorization_request(parameters).await
}

/// AUTHZ-13
#[tokio::test]
async fn the_browser_carries_nothing_but_the_reference() {
    let provider = with_endpoint().await;
    for method in [
        ClientAuthentication::ClientSecretBasic,
        ClientAuthentication::ClientSecretPost,
    ] {
        let relying_party = provider.relying_party_with(|it| it.client_authentication = Some(method));
        let address = request(&relying_party).await.expect("an address");
        let expected = format!(
            "{}/authorize?tenant=7&client_id=client&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aa%26b%3Dc",
            provider.issuer()
        );
        assert_eq!(address.as_str(), expected);
        let call = provider.calls("/par").pop().expect("a call");
        assert_eq!((call.method.as_str(), call.query.as_deref()), ("POST", None));
        let mut names: Vec<_> = call.form().into_iter().map(|(name, _)| name).collect();
        names.sort();
        let mut expected = vec![
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "max_age",
            "nonce",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
        ];
        let in_header = call.headers.contains_key("authorization");
        if method == ClientAuthentication::ClientSecretPost {
            expected.insert(1, "client_secret");
        }
        expected.sort_unstable();
        assert_eq!(names, expected, "each parameter once, with either method");
        assert_eq!(in_header, method == ClientAuthentication::ClientSecretBasic);
        assert!(!call.body.contains(CODE_VERIFIER));
    }
    assert_eq!(provider.calls("/par").len(), 2, "one push for each login");
}

/// AUTHZ-13
#[tokio::test]
async fn every_other_answer_ends_the_login() {
    let provider = with_endpoint().await;
    let relying_party = provider.relying_party_with(|it| it.http_timeout = Duration::from_millis(300));
    let good = json!({ "request_uri": REQUEST_URI, "expires_in": 60 });
    let status = |status, fault| {
        (
            Reply::new(status, "application/json", good.to_string()),
            "pushed_request_status",
            fault,
        )
    };
    let member = |name: &str, value: Value| {
        let mut document = good.clone();
        document[name] = value;
        (created(&document), "pushed_request_member", Fault::Provider)
    };
    let answers = [
        status(400, Fault::Provider),
        status(413, Fault::Provider),
        status(429, Fault::Unavailable),
        status(500, Fault::Unavailable),
        status(204, Fault::Provider),
        (
            Reply::error(401, "invalid_client"),
            "pushed_request_invalid_client",
            Fault::Settings,
        ),
        (
            Reply::error(400, "unauthorized_client"),
            "pushed_request_invalid_client",
            Fault::Settings,
        ),
        (
            Reply::error(400, "invalid_request"),
            "pushed_request_refused",
            Fault::Provider,
        ),
        (Reply::redirect("/elsewhere"), "pushed_request_status", Fault::Provider),
        (
            Reply::new(201, "text/html", good.to_string()),
            "pushed_request_media_type",
            Fault::Provider,
        ),
        (
            Reply::new(201, "application/json", "[]"),
            "pushed_request_malformed",
            Fault::Provider,
        ),
        (
            Reply::new(201, "application/json", " ".repeat(16 * 1024 + 1)),
            "provider_answer_too_large",
            Fault::Provider,
        ),
        (Reply::never(), "provider_timeout", Fault::Unavailable),
        member("request_uri", Value::Null),
        member("request_uri", json!("")),
        member("request_uri", json!(7)),
        member("request_uri", json!("urn:with a space")),
        member("request_uri", json!("u".repeat(2049))),
        member("expires_in", json!(0)),
        member("expires_in", json!(-1)),
        member("expires_in", json!(0.5)),
        member("expires_in", json!("0")),
        member("expires_in", json!("soon")),
        member("expires_in", json!([60])),
        (
            Reply::error(403, "invalid_client"),
            "pushed_request_invalid_client",
            Fault::Settings,
        ),
    ];
    for (number, (reply, code, fault)) in answers.into_iter().enumerate() {
        provider.set("/par", reply);
        let error = request(&relying_party).await.expect_err(code);
        assert_eq!((error.code(), error.fault()), (code, fault), "{number}");
        assert!(!format!("{error} {error:?}").contains(CLIENT_SECRET));
        assert_eq!(provider.calls("/par").len(), number + 1, "each request is sent once");
    }
    assert!(
        provider.calls("/elsewhere").is_empty(),
        "the credentials go only to the endpoint of the metadata"
    );
}

/// AUTHZ-13
#[tokio::test]
async fn an_answer_may_have_another_success_and_write_its_lifetime_otherwise() {
    let provider = with_endpoint().await;
    let relying_party = provider.relying_party();
    let good = |expires_in: Value| json!({ "request_uri": REQUEST_URI, "expires_in": expires_in });
    let answers = [
        Reply::json(&good(json!(60))),
        created(&json!({ "request_uri": REQUEST_URI })),
        created(&good(Value::Null)),
        created(&good(json!(""))),
        created(&good(json!("60"))),
        created(&good(json!(60.0))),
        created(&json!({ "request_uri": REQUEST_URI, "error": null, "expires_in": 60 })),
    ];
    for answer in answers {
        let what = format!("{answer:?}");
        provider.set("/par", answer);
        request(&relying_party).await.expect(&what);
    }
}

/// AUTHZ-13
#[tokio::test]
async fn switched_off_nothing_is_pushed() {
    let provider = with_endpoint().await;
    let relying_party = provider.relying_party_with(|it| it.pushed_authorization_requests = Usage::Off);
    let address = request(&relying_party).await.expect("an address");
    assert!(address.as_str().contains("code_challenge="));
    assert!(provider.calls("/par").is_empty());
}
