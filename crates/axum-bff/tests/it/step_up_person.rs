//! The person of a step-up: the provider is told whom the application expects, and another person goes no further
//! (AUTHZ-11).

use crate::address::parameter;
use crate::browser::Browser;
use crate::step_up::{PAGE, failure, stale};
use crate::world::{EXPIRED, World};
use axum::http::StatusCode;
use provider::{Endpoint, PushedAuthorizationRequests};
use std::time::Duration;

/// Alice begins a step-up for the page. Returns the address at the provider.
async fn stepping_up(browser: &mut Browser) -> String {
    let led = browser.open(PAGE).await;
    let start = browser.open(led.location().expect("a location")).await;
    start.location().expect("the provider's address").to_owned()
}

/// AUTHZ-11
#[tokio::test]
async fn a_step_up_tells_the_provider_who_is_expected() {
    // The table of the application has a rule about `email_verified`.
    let all = "name email_verified preferred_username email";
    for (claims, setting, expected) in [
        (all, "preferred_username email", Some("preferred_username")),
        ("name email_verified email", "preferred_username email", Some("email")),
        (all, "sub email", Some("sub")),
        (all, "none", None),
        ("name email_verified", "preferred_username email", None),
    ] {
        let world = World::start_with(&[("BFF_CLAIMS", claims), ("BFF_LOGIN_HINT", setting)]).await;
        let mut alice = stale(&world).await;
        let address = stepping_up(&mut alice).await;
        let claims = alice.session().await["claims"].clone();
        let expected = expected.map(|claim| claims[claim].as_str().expect("a text").to_owned());
        assert_eq!(parameter(&address, "login_hint"), expected, "{setting}");
        assert_eq!(parameter(&address, "id_token_hint"), None, "no token is in an address");
        // Without a step-up, anybody may sign in, so the request has no hint.
        let start = alice.open("/auth/login?return_to=/profile").await;
        let address = start.location().expect("the provider's address").to_owned();
        assert_eq!(
            parameter(&address, "login_hint").or(parameter(&address, "id_token_hint")),
            None
        );
    }
}

/// AUTHZ-11, AUTHZ-13
#[tokio::test]
async fn a_pushed_step_up_of_a_person_without_a_name_has_the_id_token_and_no_address_has() {
    for (setting, is_named) in [("preferred_username email", true), ("none", false)] {
        let settings = [("BFF_CLAIMS", "name email_verified"), ("BFF_LOGIN_HINT", setting)];
        let offered = PushedAuthorizationRequests::Offered;
        let world = World::start_at(&settings, |it| it.pushed_authorization_requests = offered).await;
        let mut alice = stale(&world).await;
        world.provider.forget_calls();
        let address = stepping_up(&mut alice).await;
        let pushed = world.provider.calls_to(Endpoint::PushedAuthorizationRequest);
        let hint = pushed[0].parameter("id_token_hint").map(str::to_owned);
        assert_eq!(hint.is_some(), is_named, "{setting}");
        if let Some(token) = hint {
            let is_issued = world.provider.issued_secrets().contains(&token);
            assert!(is_issued, "the ID Token is sent unchanged");
            assert!(!address.contains(&token), "{address}");
        }
        assert_eq!(pushed[0].parameter("login_hint"), None);
        assert_eq!(parameter(&address, "id_token_hint"), None);
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
