//! A response of the provider that belongs to a login of this browser and comes too late (invariant 8).

use crate::browser::{Answer, Browser};
use crate::rejection::{Reached, Refusal, is_rejected};
use crate::world::World;
use axum::http::StatusCode;
use provider::Fault;
use std::time::Duration;

/// Expects that the response is refused as too late, without any effect.
async fn refused(world: &World, browser: &mut Browser, callback: &str) {
    let refusal = Refusal {
        name: callback,
        code: "login_expired",
        reached: Reached::Nothing,
    };
    is_rejected(world, browser, callback, refusal).await;
}

/// Follows a redirect to the provider and back.
async fn round(world: &World, browser: &mut Browser, answer: &Answer) -> Answer {
    let address = answer.location().expect("the provider's address");
    assert!(address.starts_with(world.provider.issuer()), "{address}");
    let back = world.provider.authorize(address, "alice").await;
    browser.open(back.as_str()).await
}

/// AUTHZ-07, CB-03
///
/// Invariant 8: a person who is not signed in, and whose login cannot be finished any more, gets a new login, once.
#[tokio::test]
async fn a_login_that_was_used_or_took_too_long_begins_anew_once() {
    let world = World::start().await;
    for late in [Duration::ZERO, Duration::from_secs(15 * 60 + 1)] {
        let mut browser = world.browser();
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        let code = if late.is_zero() {
            browser.open(&callback).await;
            browser.cookies.remove("__Host-Http-session");
            "login_spent"
        } else {
            world.advance(late);
            "login_expired"
        };
        world.provider.forget_calls();
        let anew = browser.open(&callback).await;
        assert!(
            world.provider.calls().is_empty(),
            "{code}: the provider is not called for the old login"
        );
        let mut impatient = browser.clone();
        let landing = round(&world, &mut browser, &anew).await;
        assert_eq!(landing.location(), Some("/profile"), "{code}");
        assert_eq!(browser.session().await["status"], "active");

        // The second login is late as well, and does not begin anew.
        let address = anew.location().expect("the provider's address");
        let back = world.provider.authorize(address, "alice").await;
        world.advance(Duration::from_secs(15 * 60 + 1));
        refused(&world, &mut impatient, back.as_str()).await;
    }
}

/// The person is told that the login failed. No new login asks the provider again.
#[tokio::test]
async fn a_refusal_that_comes_too_late_begins_nothing_anew() {
    let world = World::start().await;
    world.inject(Fault::AuthorizationError("access_denied", String::new()));
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    world.advance(Duration::from_secs(15 * 60 + 1));
    refused(&world, &mut browser, &callback).await;
}

/// CB-14
///
/// The browser keeps the login cookie and loses the session cookie.
#[tokio::test]
async fn logins_that_go_round_in_a_circle_end_on_a_page_that_says_why() {
    let world = World::start().await;
    let mut browser = world.browser();
    for round in 0..3 {
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{round}");
        browser.cookies.remove("__Host-Http-session");
    }
    world.provider.forget_calls();
    let stopped = browser.open("/auth/login?return_to=/profile").await;
    assert_eq!(stopped.status, StatusCode::BAD_REQUEST);
    assert_eq!(stopped.location(), None);
    assert!(stopped.text().contains("login_loop"), "{}", stopped.text());
    assert!(
        stopped.text().contains(stopped.header("x-request-id")),
        "the correlation id"
    );
    assert!(world.provider.calls().is_empty());

    world.advance(Duration::from_mins(1));
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "after a pause");
}

/// CB-14
#[tokio::test]
async fn repeated_sign_ins_and_sign_outs_are_no_circle() {
    let world = World::start().await;
    let mut browser = world.browser();
    for round in 0..5 {
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{round}");
    }
    for round in 0..5 {
        browser.submit("/auth/logout").await;
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{round}");
    }
}
