//! A step-up: the person authenticates again for a page that requires a fresh authentication (AUTHZ-11, IDT-16). Some
//! providers do as they are asked, and some do not.

use crate::address::parameter;
use crate::browser::{Answer, Browser};
use crate::world::World;
use axum::http::StatusCode;
use bff_clock::Clock;
use provider::{Endpoint, Fault};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;

pub(crate) const PAGE: &str = "/notes/erase";

/// Makes a fault of the provider's claims from the current Unix time.
type Claimed = fn(i64) -> Fault;

/// Alice, whose authentication is older than the page allows.
pub(crate) async fn stale(world: &World) -> Browser {
    let browser = world.signed_in("alice").await;
    world.advance(Duration::from_secs(301));
    browser
}

/// The status and the text of the page to which the callback led.
pub(crate) async fn failure(browser: &mut Browser, answer: &Answer) -> (StatusCode, String) {
    let address = answer.location().unwrap_or_default().to_owned();
    assert!(address.starts_with("/sign-in-failed?problem="), "{address}");
    let page = browser.open(&address).await;
    (page.status, page.text())
}

/// AUTHZ-11
#[tokio::test]
async fn a_step_up_asks_the_provider_comes_back_and_opens_the_page() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let before = browser.cookies.clone();
    let led = browser.open(PAGE).await;
    let start = browser.open(led.location().expect("a location")).await;
    let address = start.location().expect("the provider's address").to_owned();
    assert_eq!(parameter(&address, "max_age").as_deref(), Some("300"));

    let callback = world.provider.authorize(&address, "alice").await;
    let landing = browser.open(callback.as_str()).await;
    assert_eq!(landing.location(), Some(PAGE));
    assert_ne!(browser.cookies, before, "ASVS 7.2.4: a new session");
    assert_eq!(browser.open(PAGE).await.status, StatusCode::OK);
    assert_eq!(browser.session().await["authenticated_ago"], 0);
    let mut old = world.browser();
    old.cookies = before;
    assert_eq!(old.session().await["status"], "ended");
}

/// AUTHZ-08
#[tokio::test]
async fn only_the_page_decides_about_max_age() {
    let world = World::start().await;
    for (login, expected) in [
        ("/auth/login?return_to=/notes/erase&max_age=99999", Some("300")),
        ("/auth/login?return_to=/notes/erase%3Fmax_age%3D9", Some("300")),
        ("/auth/login?return_to=/notes/erase%23below", Some("300")),
        ("/auth/login?return_to=/profile%23/notes/erase", None),
        ("/auth/login?return_to=/profile&max_age=1", None),
        ("/auth/login?return_to=/_fn/erase_notes", None),
        ("/auth/login", None),
    ] {
        let start = world.browser().open(login).await;
        let address = start.location().expect("a location");
        assert_eq!(parameter(address, "max_age").as_deref(), expected, "{login}");
    }
}

/// TOK-12, IDT-16
#[tokio::test]
async fn a_step_up_that_the_provider_does_not_prove_is_refused() {
    const MISSING: &str = "auth_time_missing";
    const TOO_OLD: &str = "authentication_too_old";
    let now = |world: &World| Clock::now(&world.clock).unix_timestamp();
    let cases: [(&str, Claimed, &str); 6] = [
        ("missing", |_| Fault::IdTokenWithoutClaim("auth_time"), MISSING),
        ("null", |_| Fault::IdTokenClaim("auth_time", Value::Null), MISSING),
        (
            "text",
            |now| Fault::IdTokenClaim("auth_time", json!(now.to_string())),
            MISSING,
        ),
        (
            "future",
            |now| Fault::IdTokenClaim("auth_time", json!(now + 32)),
            MISSING,
        ),
        (
            "max_age ignored",
            |now| Fault::IdTokenClaim("auth_time", json!(now - 331)),
            TOO_OLD,
        ),
        ("never", |_| Fault::IdTokenClaim("auth_time", json!(0)), TOO_OLD),
    ];
    for (name, fault, says) in cases {
        let world = World::start().await;
        let mut browser = stale(&world).await;
        let (cookies, keys) = (browser.cookies.clone(), world.redis.keys().len());
        world.provider.forget_calls();
        world.inject(fault(now(&world)));
        let answer = browser.sign_in(&world.provider, "alice", PAGE).await;
        assert!(answer.set_cookies().is_empty(), "{name}");
        let (status, text) = failure(&mut browser, &answer).await;
        assert_eq!(status, StatusCode::BAD_GATEWAY, "{name}");
        assert!(text.contains(says), "{name}: {text}");
        assert_eq!(world.provider.calls_to(Endpoint::Userinfo).len(), 0, "{name}: TOK-12");
        assert_eq!(
            world.redis.keys().len(),
            keys + 1,
            "{name}: only the mark of use is written"
        );
        assert_eq!(browser.cookies, cookies, "{name}");
        assert!(browser.session().await.to_string().contains("Alice"), "{name}: REJ");
        assert_eq!(browser.open("/profile").await.status, StatusCode::OK, "{name}");
        assert_eq!(browser.open(PAGE).await.status, StatusCode::SEE_OTHER, "{name}");
    }
}

/// IDT-16
#[tokio::test]
async fn an_authentication_that_passes_the_check_opens_the_page() {
    // The times are half a second ago, almost the leeway ahead, `max_age` ago, and almost `max_age` and the leeway ago.
    for auth_time in [-0.5, 29.9, -300.0, -329.0] {
        let world = World::start().await;
        let mut browser = stale(&world).await;
        let now = (Clock::now(&world.clock) - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
        world.inject(Fault::IdTokenClaim("auth_time", json!(now + auth_time)));
        let landing = browser.sign_in(&world.provider, "alice", PAGE).await;
        assert_eq!(landing.location(), Some(PAGE), "{auth_time}");
        world.advance(Duration::from_secs(5));
        let page = browser.open(PAGE).await;
        assert_eq!(
            page.status,
            StatusCode::OK,
            "{auth_time}: the page opens, or the browser would be redirected in a loop"
        );
        world.advance(Duration::from_secs(301));
        assert_eq!(browser.open(PAGE).await.status, StatusCode::SEE_OTHER, "{auth_time}");
    }
}

/// IDT-16
#[tokio::test]
async fn a_sign_in_without_auth_time_is_a_sign_in_and_no_fresh_authentication() {
    let world = World::start().await;
    // A provider need not send `auth_time` unless it was requested (OpenID Connect Core §2). It may not have asked the
    // person to authenticate either.
    world.inject(Fault::IdTokenWithoutClaim("auth_time"));
    let mut browser = world.signed_in("alice").await;
    world.provider.heal();
    assert_eq!(browser.open("/profile").await.status, StatusCode::OK);
    assert!(browser.session().await.get("authenticated_ago").is_none());
    assert_eq!(browser.open(PAGE).await.status, StatusCode::SEE_OTHER);
    browser.sign_in(&world.provider, "alice", PAGE).await;
    assert_eq!(browser.open(PAGE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_at_the_provider_that_is_old_is_as_old_here() {
    let world = World::start().await;
    let now = Clock::now(&world.clock).unix_timestamp();
    world.inject(Fault::IdTokenClaim("auth_time", json!(now - 4000)));
    let mut browser = world.signed_in("alice").await;
    assert_eq!(browser.session().await["authenticated_ago"], 4000);
    assert_eq!(browser.open(PAGE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_refresh_makes_no_authentication_fresh() {
    let world = World::start_refreshing(|settings| settings.access_token_lifetime = Duration::from_mins(5)).await;
    let mut browser = world.signed_in("alice").await;
    world.advance(Duration::from_mins(6));
    let answer = browser.call("reread_claims", "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(browser.session().await["authenticated_ago"], 360);
    assert_eq!(browser.open(PAGE).await.status, StatusCode::SEE_OTHER);
}
