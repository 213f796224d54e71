//! AUTHZ-13: authorization requests that are pushed to the provider first (RFC 9126).

use crate::address::parameters;
use crate::world::World;
use axum::http::StatusCode;
use provider::{Answer, Endpoint, Fault, PushedAuthorizationRequests};
use serde_json::json;
use std::collections::HashSet;

async fn world(settings: &[(&str, &str)], pushed: PushedAuthorizationRequests) -> World {
    World::start_at(settings, |settings| settings.pushed_authorization_requests = pushed).await
}

/// AUTHZ-13
#[tokio::test]
async fn a_login_goes_through_with_a_reference_of_its_own() {
    let world = world(&[], PushedAuthorizationRequests::Required).await;
    let mut browser = world.signed_in("alice").await;
    assert_eq!(browser.session().await["status"], "active");
    world.provider.forget_calls();
    let mut seen = HashSet::new();
    for login in 1..=3 {
        let start = browser.open("/auth/login").await;
        let mut sent = parameters(start.location().expect("a location"));
        let reference = sent.remove("request_uri").expect("a reference");
        assert_eq!(sent, [("client_id".to_owned(), world.client.id.clone())].into());
        assert!(seen.insert(reference), "each reference is used once");
        let pushed = world.provider.calls_to(Endpoint::PushedAuthorizationRequest);
        assert_eq!(
            (pushed.len(), world.provider.calls().len()),
            (login, login),
            "one call for each login"
        );
        let push = pushed.last().expect("a call");
        for name in ["client_id", "redirect_uri", "state", "nonce", "code_challenge", "scope"] {
            let values = push.form.iter().filter(|(pushed, _)| pushed == name).count();
            assert_eq!(values, 1, "{name}");
        }
        assert!(
            push.header("authorization")
                .is_some_and(|value| value.starts_with("Basic "))
        );
    }
}

/// AUTHZ-13
#[tokio::test]
async fn a_failed_push_is_a_503_page_and_never_a_plain_request() {
    let endpoint = Endpoint::PushedAuthorizationRequest;
    let answer = |status, body: &str| Fault::Answer(endpoint, Answer::new(status, "application/json", body));
    let faults = [
        answer(400, r#"{"error":"invalid_request"}"#),
        answer(401, r#"{"error":"invalid_client"}"#),
        Fault::Status(endpoint, 413),
        Fault::Status(endpoint, 429),
        Fault::Status(endpoint, 500),
        answer(201, "{\"expires_in\":60}"),
        answer(201, "{\"request_uri\":\"urn:x\",\"expires_in\":0}"),
        Fault::ContentType(endpoint, "text/html"),
        Fault::Redirect(endpoint, "http://127.0.0.1:1/".to_owned()),
        Fault::HalfBody(endpoint),
        Fault::EndlessBody(endpoint),
        Fault::Cut(endpoint),
    ];
    let world = world(&[], PushedAuthorizationRequests::Offered).await;
    let mut alice = world.signed_in("alice").await;
    let cookies = alice.cookies.clone();
    for fault in faults {
        let name = format!("{fault:?}");
        world.inject(fault);
        world.provider.forget_calls();
        let start = alice.open("/auth/login").await;
        assert_eq!(start.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
        assert!(start.location().is_none() && start.set_cookies().is_empty(), "{name}");
        assert!(!start.header("retry-after").is_empty(), "{name}");
        let said = ["provider_unavailable", "client_misconfigured"];
        assert!(said.iter().any(|code| start.text().contains(code)), "{name}");
        assert_eq!(
            world.provider.calls().len(),
            1,
            "{name}: one push, and nothing after it"
        );
        assert_eq!(alice.cookies, cookies, "{name}");
        world.provider.heal();
    }
    assert_eq!(alice.session().await["status"], "active");
}

/// AUTHZ-13
#[tokio::test]
async fn a_demand_of_the_provider_or_of_the_setting_is_met_or_refused() {
    use PushedAuthorizationRequests::{NotOffered, Offered, Required};
    let pushes = [
        ("auto", NotOffered, Some(0)),
        ("auto", Offered, Some(1)),
        ("auto", Required, Some(1)),
        ("required", NotOffered, None),
        ("required", Offered, Some(1)),
        ("off", Offered, Some(0)),
        ("off", Required, None),
    ];
    for (setting, offered, pushes) in pushes {
        let world = world(&[("BFF_PAR", setting)], offered).await;
        let start = world.browser().open("/auth/login").await;
        let name = format!("{setting} {offered:?}");
        let calls = world.provider.calls_to(Endpoint::PushedAuthorizationRequest).len();
        match pushes {
            Some(pushes) => assert_eq!((start.status, calls), (StatusCode::SEE_OTHER, pushes), "{name}"),
            None => assert_eq!((start.status, calls), (StatusCode::SERVICE_UNAVAILABLE, 0), "{name}"),
        }
    }
    // A provider that requires pushed authorization requests and has no endpoint for them.
    let world = world(&[], NotOffered).await;
    world.inject(Fault::MetadataMember(
        "require_pushed_authorization_requests",
        json!(true),
    ));
    assert_eq!(
        world.browser().open("/auth/login").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}
