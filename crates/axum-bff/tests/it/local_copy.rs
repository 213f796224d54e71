//! Signed-in requests without a store command, from a copy of the session in memory (`BFF_SESSION_LOCAL_COPY`). Redis
//! reports when a copied record changes, and a copy counts only while such a report would arrive.

use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;
use std::time::Duration;

const COPYING: [(&str, &str); 1] = [("BFF_SESSION_LOCAL_COPY", "on")];

/// The number of requests that have to pass one after the other without a store command.
const STEADY: usize = 10;

async fn copying() -> World {
    World::start_with(&COPYING).await
}

/// Sends requests until the answers come from the copy.
async fn steady(world: &World, browser: &mut Browser) {
    world
        .until("requests cost no store command", async || {
            let before = world.redis.commands();
            for _ in 0..STEADY {
                assert_eq!(browser.open("/profile").await.status, StatusCode::OK);
            }
            world.redis.commands() == before
        })
        .await;
}

#[tokio::test]
async fn design_9_a_signed_in_request_costs_no_store_command() {
    let world = copying().await;
    let mut alice = world.signed_in("alice").await;
    steady(&world, &mut alice).await;
    let before = world.redis.commands();
    world.browser().fetch("/profile").await;
    assert_eq!(world.redis.commands(), before, "a stranger's request costs none either");
}

#[tokio::test]
async fn invariant_3_a_session_ended_elsewhere_is_gone_from_the_copy() {
    let world = copying().await;
    let mut here = world.signed_in("alice").await;
    steady(&world, &mut here).await;
    let mut elsewhere = here.at(world.replica().await);
    elsewhere.submit("/auth/logout").await;
    world
        .until("the session has ended here too", async || {
            here.session().await["status"] == "ended"
        })
        .await;
    assert_eq!(here.open("/profile").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn invariant_3_a_session_ended_here_is_gone_at_once() {
    let world = copying().await;
    let mut alice = world.signed_in("alice").await;
    steady(&world, &mut alice).await;
    let mut same = alice.clone();
    alice.submit("/auth/logout").await;
    assert_eq!(
        same.session().await["status"],
        "ended",
        "without waiting for the report of Redis"
    );
}

#[tokio::test]
async fn ses_05_the_limits_are_checked_by_the_clock_although_there_is_a_copy() {
    let world = copying().await;
    let mut alice = world.signed_in("alice").await;
    steady(&world, &mut alice).await;
    world.advance(Duration::from_mins(31));
    assert_eq!(alice.session().await["reason"], "idle");
}

#[tokio::test]
async fn activity_written_down_elsewhere_is_read_here() {
    let world = copying().await;
    let mut here = world.signed_in("alice").await;
    let mut elsewhere = here.at(world.replica().await);
    for _ in 0..3 {
        steady(&world, &mut here).await;
        world.advance(Duration::from_mins(20));
        assert_eq!(elsewhere.open("/profile").await.status, StatusCode::OK);
        world
            .until("the new idle limit is known here", async || {
                here.session().await["idle_expires_in"].as_u64() > Some(29 * 60)
            })
            .await;
    }
}

#[tokio::test]
async fn ses_07_a_redis_that_is_gone_is_503_although_there_is_a_copy() {
    let mut world = copying().await;
    let mut alice = world.signed_in("alice").await;
    steady(&world, &mut alice).await;
    world.redis.kill();
    world
        .until("the copy no longer counts", async || {
            alice.open("/profile").await.status == StatusCode::SERVICE_UNAVAILABLE
        })
        .await;
    world.redis.resume();
    world
        .until("Redis is back", async || {
            alice.open("/profile").await.status == StatusCode::OK
        })
        .await;
    steady(&world, &mut alice).await;
}

#[tokio::test]
async fn ses_07_a_redis_that_is_frozen_is_503_although_there_is_a_copy() {
    let world = copying().await;
    let mut alice = world.signed_in("alice").await;
    steady(&world, &mut alice).await;
    world.redis.pause();
    world
        .until("the copy no longer counts", async || {
            let answer = alice.open("/profile").await;
            assert!(answer.set_cookies().is_empty(), "the cookie stays");
            answer.status == StatusCode::SERVICE_UNAVAILABLE
        })
        .await;
    world.redis.go_on();
    // The connections that did not answer have been given up.
    world
        .until("Redis is read again", async || {
            alice.open("/profile").await.status == StatusCode::OK
        })
        .await;
    steady(&world, &mut alice).await;
}

#[tokio::test]
async fn invariant_3_what_happens_while_the_connection_is_broken_is_not_missed() {
    let world = copying().await;
    let mut here = world.signed_in("alice").await;
    let mut elsewhere = here.at(world.replica().await);
    steady(&world, &mut here).await;
    world.redis.cut_connections();
    world
        .until("the other replica is connected again", async || {
            elsewhere.submit("/auth/logout").await.status == StatusCode::OK
        })
        .await;
    world
        .until("the session has ended here too", async || {
            here.session().await["status"] == "ended"
        })
        .await;
}

#[tokio::test]
async fn invariant_3_a_redis_that_was_emptied_is_noticed() {
    let world = copying().await;
    let mut alice = world.signed_in("alice").await;
    steady(&world, &mut alice).await;
    world.redis.empty();
    world
        .until("nobody is signed in", async || {
            alice.session().await["status"] == "anonymous"
        })
        .await;
}
