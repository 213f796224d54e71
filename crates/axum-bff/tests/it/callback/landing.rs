//! The landing of an accepted login, and the end of the session before it.

use crate::world::World;
use axum::http::StatusCode;
use provider::Endpoint;

/// CB-11
#[tokio::test]
async fn the_landing_is_a_clean_address_of_ours_and_no_page() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser
        .callback_address(&world.provider, "alice", "/profile?tab=1")
        .await;
    let landing = browser.open(&callback).await;
    assert_eq!(landing.status, StatusCode::SEE_OTHER);
    assert_eq!(
        landing.location(),
        Some("/profile?tab=1"),
        "the address has no code and no state"
    );
    assert_eq!(landing.header("cache-control"), "no-store");
    assert_eq!(landing.header("referrer-policy"), "no-referrer");
    assert!(landing.body.is_empty());
    let again = browser.open(&callback).await;
    assert_eq!((again.location(), again.body.len()), (Some("/profile?tab=1"), 0));
    assert_eq!(again.header("referrer-policy"), "no-referrer");
}

/// CB-12, CB-13
#[tokio::test]
async fn a_login_replaces_the_session_before_it() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let mut before = browser.clone();
    let of_alice = world.redis.contents();
    let tokens = world.provider.issued_secrets();
    browser.sign_in(&world.provider, "bob", "/").await;
    assert_ne!(
        before.cookies["__Host-Http-session"],
        browser.cookies["__Host-Http-session"]
    );
    assert_eq!(
        before.session().await["reason"],
        "signed_out",
        "the old session has ended"
    );
    let text = browser.session().await.to_string();
    assert!(text.contains("Bob") && !text.contains("Alice"));

    // Of Alice's keys only two kinds are left: `spent:`, the mark of a used login, and for a minute `:held`, the last
    // session of this browser. Neither key names her. Her token is in no call to the provider any more.
    let stored = world.redis.contents();
    let left: Vec<_> = of_alice.keys().filter(|key| stored.contains_key(*key)).collect();
    assert!(
        left.iter()
            .all(|key| key.starts_with("spent:") || key.ends_with(":held")),
        "{left:?}"
    );
    world.provider.forget_calls();
    browser.call("reread_claims", "").await;
    before.call("reread_claims", "").await;
    let calls = world.provider.calls_to(Endpoint::Userinfo);
    assert_eq!(calls.len(), 1);
    let bearer = calls[0].header("authorization").expect("a token");
    assert!(!tokens.iter().any(|token| bearer.contains(token.as_str())));
}
