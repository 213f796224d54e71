//! The authorization endpoint.

use provider::Endpoint;

use super::{CALLBACK, authorization_url, friendly, parameter, query, request};
use crate::browser::get;

/// AUTHZ-02
///
/// These faults must lead to an error page, because the provider must not redirect to an unregistered address.
#[tokio::test]
async fn an_unknown_client_or_redirect_uri_gets_a_page_and_no_redirect() {
    let provider = friendly().await;
    for (name, value) in [
        ("client_id", "another client"),
        ("redirect_uri", "http://localhost:3000/auth/callback/"),
        ("redirect_uri", "http://LOCALHOST:3000/auth/callback"),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", ""),
    ] {
        let mut request = request();
        request.retain(|(key, _)| *key != name);
        request.push((name, value.to_owned()));
        let answer = get(&provider, &format!("/authorize?{}", query(&request)), &[]).await;
        assert_eq!(answer.status, 400, "{name}={value}");
        assert_eq!(answer.header("location"), None);
    }
}

/// AUTHZ-01, AUTHZ-03, AUTHZ-04
#[tokio::test]
async fn a_request_that_is_not_right_goes_back_with_error_state_and_iss() {
    let provider = friendly().await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "unsupported_response_type"),
        ("response_mode", "form_post", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("nonce", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("request", "eyJ", "request_not_supported"),
        ("request_uri", "urn:x", "request_uri_not_supported"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "none", "login_required"),
        ("max_age", "soon", "invalid_request"),
    ] {
        let mut request = request();
        request.retain(|(key, _)| *key != name);
        request.push((name, value.to_owned()));
        let answer = get(&provider, &format!("/authorize?{}", query(&request)), &[]).await;
        let location = answer.location();
        assert!(location.as_str().starts_with(CALLBACK), "{name}={value}");
        assert_eq!(parameter(&location, "error").as_deref(), Some(error), "{name}={value}");
        assert_eq!(parameter(&location, "state").as_deref(), Some("the state"));
        assert_eq!(parameter(&location, "iss").as_deref(), Some(provider.issuer()));
        assert_eq!(parameter(&location, "code"), None);
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let provider = friendly().await;
    let mut request = request();
    request.push(("nonce", "another".to_owned()));
    let answer = get(&provider, &format!("/authorize?{}", query(&request)), &[]).await;
    assert_eq!(
        parameter(&answer.location(), "error").as_deref(),
        Some("invalid_request")
    );
}

#[tokio::test]
async fn authorize_stands_for_a_browser_and_is_recorded_as_a_call() {
    let provider = friendly().await;
    let callback = provider.authorize(&authorization_url(&provider), "bob").await;
    assert!(callback.as_str().starts_with(CALLBACK));
    assert_eq!(parameter(&callback, "state").as_deref(), Some("the state"));
    assert_eq!(parameter(&callback, "iss").as_deref(), Some(provider.issuer()));
    let code = parameter(&callback, "code").expect("a code");
    assert!(provider.issued_secrets().contains(&code));
    let calls = provider.calls_to(Endpoint::Authorization);
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("nonce"), Some("the nonce"));
}

#[tokio::test]
async fn a_call_shows_names_but_no_values_when_printed() {
    let provider = friendly().await;
    provider.authorize(&authorization_url(&provider), "bob").await;
    let printed = format!("{:?} {provider:?}", provider.calls());
    assert!(printed.contains("nonce") && !printed.contains("the nonce"), "{printed}");
}
