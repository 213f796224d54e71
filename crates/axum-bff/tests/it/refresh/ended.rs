//! Refreshes that end the session, and a refresh that finishes after the session has ended.

use super::world;
use crate::world::{EXPIRED, World};
use provider::{Endpoint, Fault, SignatureFault};
use serde_json::json;
use std::time::Duration;

/// RT-04
#[tokio::test]
async fn an_answer_about_somebody_else_ends_the_session() {
    let faults = [
        Fault::IdTokenClaim("sub", "mallory".into()),
        Fault::IdTokenClaim("iss", "https://evil.example".into()),
        Fault::IdTokenClaim("aud", json!(["bff", "other"])),
        Fault::IdTokenClaim("auth_time", 1.into()),
        Fault::IdTokenClaim("nonce", "another".into()),
        Fault::IdTokenClaim("iat", 1.into()),
        Fault::IdTokenClaim("exp", 1.into()),
        Fault::IdTokenSignature(SignatureFault::None),
        Fault::IdTokenSignature(SignatureFault::FlippedBit),
    ];
    for fault in faults {
        let world = world().await;
        let mut alice = world.signed_in("alice").await;
        world.advance(EXPIRED);
        let name = format!("{fault:?}");
        world.inject(fault);
        assert_eq!(alice.reread().await["refusal"], "session_ended", "{name}");
        world.provider.heal();
        let state = alice.session().await;
        assert_eq!(state, json!({"status": "ended", "reason": "refresh_refused"}), "{name}");
        assert_eq!(
            world.provider.calls_to(Endpoint::Userinfo).len(),
            1,
            "no call with the new tokens: {name}"
        );
    }
}

/// RT-05
#[tokio::test]
async fn a_refusal_ends_the_session_with_a_reason() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.provider.revoke_grants("alice");
    world.advance(EXPIRED);
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    let page = alice.open("/profile").await;
    assert_eq!(page.status, 401);
    assert!(page.text().contains("session_ended_refresh_refused"));
    let data = alice.fetch("/profile").await.json();
    assert_eq!(
        (data["status"].clone(), data["code"].clone()),
        (401.into(), "session_ended_refresh_refused".into())
    );
    assert_eq!(alice.open("/").await.status, 200);
    let landing = alice.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"));
    assert_eq!(alice.session().await["status"], "active");
}

#[tokio::test]
async fn an_answer_that_was_lost_ends_in_a_sign_in_and_not_in_a_loop() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Cut(Endpoint::Token));
    assert_eq!(
        alice.reread().await["refusal"],
        "unavailable",
        "it is not known yet whether the refresh token is spent"
    );
    world.provider.heal();
    world.advance(Duration::from_secs(2));
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    assert_eq!(alice.session().await["reason"], "refresh_refused");
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 3);
}

#[tokio::test]
async fn a_refresh_that_broke_off_is_not_repeated_blindly() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    // A replica that dies during a refresh leaves its lease behind, and no other replica renews that.
    let dying = tokio::runtime::Runtime::new().expect("a runtime");
    world.inject(Fault::Hang(Endpoint::Token));
    let mut tab = alice.at(world.replica_on(&dying).await);
    dying.spawn(async move { tab.reread().await });
    world.until_refreshing().await;
    dying.shutdown_background();
    world.provider.heal();

    world.advance(Duration::from_secs(11));
    let first = tokio::spawn({
        let mut tab = alice.clone();
        async move { tab.reread().await }
    });
    world
        .until("the lease is marked as doubted", async || {
            world.redis.field(":refresh", "doubted").is_some()
        })
        .await;
    world.advance(Duration::from_secs(6));
    assert_eq!(first.await.expect("an answer")["refusal"], "session_ended");
    assert_eq!(alice.session().await["reason"], "refresh_interrupted");
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        2,
        "the refresh token was sent once"
    );
    let page = alice.open("/profile").await.text();
    assert!(page.contains("session_ended_refresh_interrupted"));
}

/// RT-08
#[tokio::test]
async fn a_refresh_that_ends_after_the_logout_brings_nothing_back() {
    let world = World::start_refreshing(|settings| settings.refresh_id_token = false).await;
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    // The provider has issued new tokens, and its answer is still on the way.
    world.inject(Fault::SlowBody(Endpoint::Token, Duration::from_millis(2)));
    let mut tab = alice.clone();
    let refreshing = tokio::spawn(async move { tab.reread().await });
    world
        .until("the provider has issued new tokens", async || {
            world.provider.refreshes() == 1
        })
        .await;
    let mut other_tab = alice.clone();
    assert!(other_tab.submit("/auth/logout").await.status.as_u16() < 400);
    assert_eq!(refreshing.await.expect("an answer")["refusal"], "session_ended");
    let mut replayed = alice.clone();
    assert_eq!(
        replayed.session().await,
        json!({"status": "ended", "reason": "signed_out"})
    );
    assert_eq!(
        world.redis.keys().iter().filter(|key| key.ends_with(":tokens")).count(),
        0
    );
    world
        .until("the new tokens are revoked as well", async || {
            world.provider.calls_to(Endpoint::Revocation).len() == 4
        })
        .await;
}
