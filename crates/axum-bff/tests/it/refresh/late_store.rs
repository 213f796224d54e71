//! During a refresh, Redis carries out a command so late that no request waits for the answer any more. The late
//! command must do no harm.

use crate::world::{EXPIRED, REFRESHING, World};
use provider::{Endpoint, Fault};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_wish_to_refresh_that_redis_hears_late_is_taken_back() {
    let world = World::start_refreshing(|_| ()).await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.redis.pause_writes();
    assert_eq!(alice.reread().await["refusal"], "unavailable");
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        1,
        "no refresh request was sent"
    );
    world.redis.resume_writes();
    world
        .until(
            "Redis has carried out the start of the refresh and its withdrawal",
            async || {
                // This is longer than any lease lasts.
                world.advance(Duration::from_secs(20));
                let said = alice.reread().await;
                assert_ne!(
                    said["refusal"], "session_ended",
                    "no refresh request was sent, so the session must not end"
                );
                said["status"] == "active"
            },
        )
        .await;
    assert_eq!((world.provider.refreshes(), world.provider.reuse_alarms()), (1, 0));
}

#[tokio::test]
async fn new_tokens_that_redis_takes_late_are_kept_and_not_revoked() {
    let world = World::start_refreshing(|_| ()).await;
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Delay(Endpoint::Token, Duration::from_mins(1)));
    let mut tab = alice.clone();
    let refreshing = tokio::spawn(async move { tab.reread().await });
    world.until_refreshing().await;
    world.redis.pause_writes();
    world.provider.heal();
    assert_eq!(refreshing.await.expect("an answer")["refusal"], "unavailable");
    world.redis.resume_writes();
    world
        .until("Redis has taken the tokens", async || {
            alice.clone().reread().await["status"] == "active"
        })
        .await;
    // The replica offers the tokens to Redis repeatedly until Redis confirms them. This leaves time for the offer after
    // the one that Redis carried out late.
    world
        .until("no refresh is under way", async || {
            world.redis.field(":refresh", "holder").is_none()
        })
        .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.provider.calls_to(Endpoint::Revocation).len(), 0);
    world.advance(EXPIRED);
    assert_eq!(
        alice.clone().reread().await["status"],
        "active",
        "the new tokens can be refreshed too"
    );
    assert_eq!((world.provider.refreshes(), world.provider.reuse_alarms()), (2, 0));
}

#[tokio::test]
async fn ahead_of_the_expiry_nobody_waits_for_a_provider_that_hangs() {
    let world = World::start_with(&[
        ("BFF_SCOPES", REFRESHING),
        ("BFF_SESSION_IDLE", "2h"),
        ("BFF_PROVIDER_TIMEOUT", "20s"),
    ])
    .await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_secs(59 * 60 + 10));
    world.inject(Fault::Hang(Endpoint::Token));
    let begun = Instant::now();
    assert_eq!(
        alice.reread().await["status"],
        "active",
        "the old access token is still valid"
    );
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    world.provider.heal();
    world
        .until("the refresh has come to its end", async || {
            world.provider.refreshes() == 1
        })
        .await;
}
