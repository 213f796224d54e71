//! A step-up: the person authenticates again for a page that requires a fresh authentication (AUTHZ-11, IDT-16). Some
//! providers do as they are asked, and some do not.

use crate::browser::{Answer, Browser};
use crate::world::{EXPIRED, World};
use axum::http::StatusCode;
use bff_clock::Clock;
use provider::{Endpoint, Fault};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use url::Url;

const PAGE: &str = "/notes/erase";

/// Makes a fault of the provider's claims from the current Unix time.
type Claimed = fn(i64) -> Fault;

/// Alice, whose authentication is older than the page allows.
async fn stale(world: &World) -> Browser {
    let browser = world.signed_in("alice").await;
    world.advance(Duration::from_secs(301));
    browser
}

fn max_age(address: &str) -> Option<String> {
    let address = Url::parse(address).expect("a URL");
    let mut pairs = address.query_pairs();
    pairs
        .find(|(name, _)| name == "max_age")
        .map(|(_, value)| value.into_owned())
}

/// The status and the text of the page to which the callback led.
async fn failure(browser: &mut Browser, answer: &Answer) -> (StatusCode, String) {
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
    assert_eq!(max_age(&address).as_deref(), Some("300"));

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
        assert_eq!(
            max_age(start.location().expect("a location")).as_deref(),
            expected,
            "{login}"
        );
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

fn parameter(address: &str, name: &str) -> Option<String> {
    let address = Url::parse(address).expect("a URL");
    let mut pairs = address.query_pairs();
    pairs
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

/// Alice begins a step-up for the page. Returns the address at the provider.
async fn stepping_up(browser: &mut Browser) -> String {
    let led = browser.open(PAGE).await;
    let start = browser.open(led.location().expect("a location")).await;
    start.location().expect("the provider's address").to_owned()
}

/// AUTHZ-11
#[tokio::test]
async fn a_step_up_tells_the_provider_who_is_expected() {
    // The hint is the name that a person types at the provider, or else an ID Token.
    for (claims, by_name) in [
        ("name preferred_username email email_verified", true),
        ("name email_verified", false),
    ] {
        let world = World::start_with(&[("BFF_CLAIMS", claims)]).await;
        let mut alice = stale(&world).await;
        let address = stepping_up(&mut alice).await;
        let (name, token) = (parameter(&address, "login_hint"), parameter(&address, "id_token_hint"));
        assert_eq!((name.is_some(), token.is_some()), (by_name, !by_name), "{address}");
        if let Some(name) = name {
            assert!(alice.session().await["claims"].to_string().contains(&name), "{name}");
        }
        if let Some(token) = token {
            assert!(
                world.provider.issued_secrets().contains(&token),
                "the ID Token is sent unchanged"
            );
        }
        // Without a step-up, anybody may sign in, so the request has no hint.
        let start = alice.open("/auth/login?return_to=/profile").await;
        let address = start.location().expect("the provider's address").to_owned();
        assert_eq!(
            parameter(&address, "login_hint").or(parameter(&address, "id_token_hint")),
            None
        );
    }
}

/// AUTHZ-11
#[tokio::test]
async fn somebody_else_who_comes_back_from_a_step_up_is_told_so_and_goes_no_further() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let address = stepping_up(&mut browser).await;
    let (cookies, before) = (browser.cookies.clone(), world.redis.keys().len());
    let callback = world.provider.authorize(&address, "bob").await;
    let answer = browser.open(callback.as_str()).await;
    let (status, text) = failure(&mut browser, &answer).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.contains("another_person"));
    assert!(
        text.contains("Alice") && !text.contains("Bob"),
        "the page says whose session goes on"
    );
    assert_eq!(browser.cookies, cookies);
    assert_eq!(
        world.redis.keys().len(),
        before + 1,
        "only the mark of use is written, and no session of Bob's"
    );
    assert!(browser.session().await.to_string().contains("Alice"));
    assert_eq!(
        browser.open(PAGE).await.status,
        StatusCode::SEE_OTHER,
        "Alice has not authenticated again"
    );
    // Alice can still authenticate, with another login.
    let address = stepping_up(&mut browser).await;
    let callback = world.provider.authorize(&address, "alice").await;
    assert_eq!(browser.open(callback.as_str()).await.location(), Some(PAGE));
}

#[tokio::test]
async fn the_tokens_of_somebody_else_who_comes_back_from_a_step_up_are_revoked() {
    let world = World::start_refreshing(|_| ()).await;
    let mut browser = stale(&world).await;
    let of_alice = world.provider.issued_secrets();
    let address = stepping_up(&mut browser).await;
    let callback = world.provider.authorize(&address, "bob").await;
    let answer = browser.open(callback.as_str()).await;
    let (_, text) = failure(&mut browser, &answer).await;
    assert!(text.contains("another_person"), "{text}");
    world
        .until("both of Bob's tokens are revoked", async || {
            world.provider.calls_to(Endpoint::Revocation).len() == 2
        })
        .await;
    let calls = world.provider.calls_to(Endpoint::Revocation);
    let revoked: Vec<_> = calls.iter().filter_map(|call| call.parameter("token")).collect();
    assert!(
        revoked.iter().all(|token| !of_alice.iter().any(|hers| hers == token)),
        "none of Alice's tokens is revoked"
    );
    world.advance(EXPIRED);
    let answer = browser.call("reread_claims", "").await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "Alice's session goes on: {}",
        answer.text()
    );
}

/// AUTHZ-11
///
/// The step-up is bound to the person of the session, even if the session has ended in another tab meanwhile. That
/// holds too if the login took so long that it began again.
#[tokio::test]
async fn a_step_up_is_held_to_its_person_after_the_end_of_the_session_too() {
    for restarted in [false, true] {
        let world = World::start().await;
        let mut browser = stale(&world).await;
        let mut address = stepping_up(&mut browser).await;
        let mut other_tab = browser.clone();
        other_tab.submit("/auth/logout").await;
        if restarted {
            let late = world.provider.authorize(&address, "bob").await;
            world.advance(Duration::from_mins(16));
            let anew = browser.open(late.as_str()).await;
            address = anew.location().expect("the provider's address").to_owned();
            assert!(address.starts_with(world.provider.issuer()), "{address}");
        }
        let callback = world.provider.authorize(&address, "bob").await;
        let answer = browser.open(callback.as_str()).await;
        let (_, text) = failure(&mut browser, &answer).await;
        assert!(text.contains("another_person"), "{restarted}");
        assert!(browser.session().await["status"] != "active", "{restarted}");
    }
}

/// AUTHZ-11
///
/// Alice's step-up comes back too late, and Bob has signed in with another tab before that.
#[tokio::test]
async fn a_late_step_up_leads_nobody_else_to_its_page() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let address = stepping_up(&mut browser).await;
    let late = world.provider.authorize(&address, "alice").await;
    world.advance(Duration::from_mins(16));
    let landing = browser.sign_in(&world.provider, "bob", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"));
    let answer = browser.open(late.as_str()).await;
    let (_, text) = failure(&mut browser, &answer).await;
    assert!(text.contains("another_person") && text.contains("Bob"), "{text}");
}
