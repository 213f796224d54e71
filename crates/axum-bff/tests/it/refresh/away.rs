//! The provider or Redis is away during a refresh.

use super::world;
use crate::world::EXPIRED;
use provider::{Answer, Endpoint, Fault};
use std::time::Duration;

/// RT-06
#[tokio::test]
async fn a_provider_that_is_away_costs_neither_session_nor_refresh_token() {
    for answer in [
        Answer::new(503, "text/plain", "away"),
        Answer::new(429, "application/json", "{\"error\":\"slow_down\"}"),
        Answer::new(500, "text/html", "<h1>oops</h1>"),
        Answer::new(400, "application/json", "{\"error\":\"invalid_client\"}"),
    ] {
        let world = world().await;
        let mut alice = world.signed_in("alice").await;
        world.advance(EXPIRED);
        world.inject(Fault::Answer(Endpoint::Token, answer));
        for _ in 0..3 {
            assert_eq!(alice.reread().await["refusal"], "unavailable");
            assert_eq!(alice.session().await["status"], "active");
            assert_eq!(alice.open("/profile").await.status, 200);
        }
        let asked = world.provider.calls_to(Endpoint::Token).len() - 1;
        assert_eq!(asked, 1, "the provider is not asked again at once");
        world.provider.heal();
        world.advance(Duration::from_secs(2));
        assert_eq!(alice.reread().await["status"], "active", "with the same refresh token");
        assert_eq!(world.provider.reuse_alarms(), 0);
    }
}

#[tokio::test]
async fn ahead_of_the_expiry_a_refresh_that_fails_hurts_nobody() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_secs(59 * 60 + 10));
    world.inject(Fault::Answer(Endpoint::Token, Answer::new(503, "text/plain", "away")));
    assert_eq!(
        alice.reread().await["status"],
        "active",
        "the old access token is valid for another 50 seconds"
    );
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 2, "a refresh was tried");
    world.provider.heal();
    world.advance(Duration::from_secs(5));
    assert_eq!(alice.reread().await["status"], "active");
    assert_eq!(world.provider.refreshes(), 1);
}

#[tokio::test]
async fn the_providers_answer_waits_for_a_redis_that_is_away() {
    let mut world = world().await;
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Delay(Endpoint::Token, Duration::from_millis(300)));
    let mut tab = alice.clone();
    let refreshing = tokio::spawn(async move { tab.reread().await });
    world.until_refreshing().await;
    world.redis.kill();
    assert_eq!(refreshing.await.expect("an answer")["refusal"], "unavailable");
    world.provider.heal();
    world.redis.resume();
    world
        .until("the session has its new tokens", async || {
            world.advance(Duration::from_secs(1));
            alice.clone().reread().await["status"] == "active"
        })
        .await;
    assert_eq!(
        (world.provider.refreshes(), world.provider.reuse_alarms()),
        (1, 0),
        "the answer was not lost"
    );
}
