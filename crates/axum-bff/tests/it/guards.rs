//! The rules of the access table on the real router: the page that a person sees, and the answer that a script gets.

use crate::browser::FETCH;
use crate::world::World;
use axum::http::{Method, StatusCode};
use std::time::Duration;

#[tokio::test]
async fn a_missing_role_is_named() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    let refused = bob.open("/admin").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("\"code\":\"forbidden\""), "{}", refused.text());
}

#[tokio::test]
async fn a_missing_claim_is_named_and_its_value_is_not() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    let refused = bob.open("/orders").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.text().contains("\"code\":\"claim_missing\""),
        "{}",
        refused.text()
    );
    let told = bob.fetch("/orders").await;
    assert_eq!(told.status, StatusCode::FORBIDDEN);
    assert_eq!(told.json()["code"], "claim_missing");
    assert!(told.json().get("login").is_none(), "signing in again does not help");

    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.open("/orders").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_claim_that_is_read_again_opens_and_closes_at_once() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    world.inject(provider::Fault::UserinfoClaim("email_verified", true.into()));
    bob.call("reread_claims", "").await;
    assert_eq!(bob.open("/orders").await.status, StatusCode::OK);
    world.provider.heal();
    bob.call("reread_claims", "").await;
    assert_eq!(bob.open("/orders").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_that_wants_freshness_opens_until_its_last_second_and_then_asks_for_more() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_mins(5));
    assert_eq!(alice.open("/notes/erase").await.status, StatusCode::OK);
    world.advance(Duration::from_secs(1));
    let led = alice.open("/notes/erase?from=here").await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    assert_eq!(
        led.location(),
        Some("/auth/login?return_to=%2Fnotes%2Ferase%3Ffrom%3Dhere")
    );
    assert_eq!(
        alice.open("/profile").await.status,
        StatusCode::OK,
        "the session goes on"
    );
    assert_eq!(alice.session().await["authenticated_ago"], 301);
}

#[tokio::test]
async fn a_function_that_wants_freshness_says_where_to_get_it() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let fresh = alice.call("erase_notes", "").await;
    assert_eq!(fresh.status, StatusCode::OK, "{}", fresh.text());
    world.advance(Duration::from_secs(301));
    // The call comes from the function's own page, from another page of ours, from another site, and without a
    // `Referer`.
    for (referer, login) in [
        (
            Some("https://app.example.com/notes/erase?erased=unavailable"),
            "/auth/login?return_to=%2Fnotes%2Ferase%3Ferased%3Dunavailable",
        ),
        (
            Some("https://app.example.com/profile"),
            "/auth/login?return_to=%2Fnotes%2Ferase",
        ),
        (
            Some("https://evil.example//evil"),
            "/auth/login?return_to=%2Fnotes%2Ferase",
        ),
        (None, "/auth/login?return_to=%2Fnotes%2Ferase"),
    ] {
        let mut headers = FETCH.to_vec();
        headers.extend(referer.map(|referer| ("referer", referer)));
        let told = alice.send(Method::POST, "/_fn/erase_notes", &headers, "").await;
        assert_eq!(told.status, StatusCode::UNAUTHORIZED);
        assert_eq!(told.header("content-type"), "application/problem+json");
        let told = told.json();
        assert_eq!(
            (&told["code"], &told["login"]),
            (&"step_up_required".into(), &login.into()),
            "{referer:?}"
        );
    }
    // The same form, sent by the browser itself.
    let led = alice.submit("/_fn/erase_notes").await;
    assert_eq!(
        (led.status, led.location()),
        (StatusCode::OK, None),
        "no redirect after a form"
    );
    assert_eq!(
        led.leads_to().as_deref(),
        Some("/auth/login?return_to=%2Fnotes%2Ferase")
    );
}
