//! A replica never sends a command to Redis after the command's request was given up (invariant 5). So the code is not
//! used up, and the same callback can be finished when Redis is back.

use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;
use provider::Endpoint;
use std::time::{Duration, Instant};

/// The connections to Redis that one replica holds.
const CONNECTIONS: usize = 4;

async fn begun(world: &World) -> (Browser, String) {
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    (browser, callback)
}

/// Opens the callback, and expects the page that asks to try again.
async fn unavailable(browser: &mut Browser, callback: &str) {
    let answer = browser.open(callback).await;
    let page = browser.open(answer.location().expect("a location")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
    assert_eq!(page.header("retry-after"), "5");
}

/// The person closes the page before there is an answer: the request's future is dropped.
async fn abandoned(browser: &mut Browser, callback: &str) {
    let patience = Duration::from_millis(300);
    let _ = tokio::time::timeout(patience, browser.open(callback)).await;
}

/// Waits until every connection knows that Redis is away, and refuses commands instead of waiting.
async fn noticed(world: &World, visitor: &mut Browser) {
    world
        .until("Redis is known to be away", async || {
            let asked = Instant::now();
            for _ in 0..CONNECTIONS {
                visitor.fetch("/auth/session").await;
            }
            asked.elapsed() < Duration::from_millis(500)
        })
        .await;
}

/// Waits until every connection is back and has sent a ping. A connection sends the commands that it kept from before
/// ahead of new ones, so none of them is still to come.
async fn back(world: &World) {
    world
        .until("every connection is back", async || {
            let last = world.redis.last_commands();
            last.len() == CONNECTIONS && last.iter().all(|command| command == "ping")
        })
        .await;
}

/// Finishes the login with one try: a login that is marked as used stays so, and a second try would fail.
async fn finished(world: &World, browser: &mut Browser, callback: &str) {
    assert!(
        world.provider.calls_to(Endpoint::Token).is_empty(),
        "the code is not used up"
    );
    let answer = browser.open(callback).await;
    let landing = answer.location().expect("a location");
    assert_eq!(landing, "/profile", "{}", browser.open(landing).await.text());
}

/// SES-07
#[tokio::test]
async fn a_login_that_ends_while_redis_is_away_can_be_finished_later() {
    let mut world = World::start().await;
    let mut visitor = world.signed_in("bob").await;
    world.provider.forget_calls();
    let (mut browser, callback) = begun(&world).await;
    world.redis.kill();
    unavailable(&mut browser, &callback).await;
    noticed(&world, &mut visitor).await;
    abandoned(&mut browser, &callback).await;
    world.redis.resume();
    back(&world).await;
    finished(&world, &mut browser, &callback).await;
}

/// SES-07
#[tokio::test]
async fn a_command_under_way_when_redis_dies_is_not_sent_again() {
    let mut world = World::start().await;
    let (mut browser, callback) = begun(&world).await;
    world.redis.pause();
    let asked = Instant::now();
    unavailable(&mut browser, &callback).await;
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    for _ in 0..CONNECTIONS {
        abandoned(&mut browser, &callback).await;
    }
    world.redis.kill();
    world.redis.resume();
    back(&world).await;
    finished(&world, &mut browser, &callback).await;
}

/// SES-07
///
/// Nobody can call back a command that lies in the socket of a Redis that was only frozen. The result is safe: the
/// login counts as used, and begins anew.
#[tokio::test]
async fn a_login_whose_mark_came_late_counts_as_used_and_a_new_one_works() {
    let world = World::start().await;
    let (mut browser, callback) = begun(&world).await;
    world.redis.pause();
    unavailable(&mut browser, &callback).await;
    world.redis.go_on();
    back(&world).await;
    let anew = browser.open(&callback).await;
    let address = anew.location().expect("the provider's address");
    assert!(world.provider.calls_to(Endpoint::Token).is_empty());
    let back = world.provider.authorize(address, "alice").await;
    let landing = browser.open(back.as_str()).await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
}

/// SES-07
#[tokio::test]
async fn a_replica_that_starts_while_redis_is_away_works_when_it_is_back() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.redis.kill();
    let replica = world.replica().await;
    let mut there = alice.at(replica);
    assert_eq!(there.open("/profile").await.status, StatusCode::SERVICE_UNAVAILABLE);
    world.redis.resume();
    world
        .until("both replicas are back", async || {
            there.open("/profile").await.status == StatusCode::OK
                && alice.open("/profile").await.status == StatusCode::OK
        })
        .await;
}
