//! An outage of the store is no end of a session. The stream reports it as `degraded`.

use super::{Events, following};
use crate::world::World;
use axum::http::StatusCode;
use serde_json::json;
use std::time::Duration;

/// The state that the stream reports when it has read the store again.
async fn back(world: &World, events: &mut Events) -> serde_json::Value {
    // The stream asks the store every second, by a clock that only the test moves.
    let next = events.next();
    tokio::pin!(next);
    loop {
        world.advance(Duration::from_secs(1));
        tokio::select! {
            (name, state) = &mut next => {
                assert_eq!(name, "state");
                return state;
            }
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
    }
}

/// SES-07
#[tokio::test]
async fn a_redis_that_stops_is_told_and_its_return_too() {
    let mut world = World::start().await;
    let alice = world.signed_in("alice").await;
    let mut events = following(&alice, world.replica().await).await;
    world.redis.kill();
    // The stream notices it although there is no request. It may take as long as BFF_REDIS_TIMEOUT: a command that is
    // sent while the connection breaks waits that long.
    assert_eq!(events.expect("degraded").await, json!({"status": "degraded"}));
    world.redis.resume();
    assert_eq!(back(&world, &mut events).await["status"], "active");
    let mut again = following(&alice, world.replica().await).await;
    alice.clone().submit("/auth/logout").await;
    for events in [&mut events, &mut again] {
        let mut told = events.next().await;
        // The connection that receives messages may come back later than the others. The stream may then report the
        // state again.
        while told.0 == "state" {
            told = events.next().await;
        }
        assert_eq!(told.0, "ended", "the stream hears of changes again");
    }
}

/// SES-07
#[tokio::test]
async fn a_stream_that_begins_in_an_outage_waits_for_its_end() {
    let mut world = World::start().await;
    let alice = world.signed_in("alice").await;
    let replica = world.replica().await;
    world.redis.kill();
    let mut events = Events::open(&alice, replica).await;
    assert_eq!(events.status, StatusCode::OK);
    assert_eq!(events.expect("degraded").await, json!({"status": "degraded"}));
    world.redis.resume();
    assert_eq!(back(&world, &mut events).await["status"], "active");
}

#[tokio::test]
async fn an_end_is_not_missed_while_no_events_are_heard() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut events = following(&alice, world.replica().await).await;
    world.redis.cut_connections();
    world
        .until("the other replica is connected again", async || {
            alice.submit("/auth/logout").await.status == StatusCode::OK
        })
        .await;
    let mut told = events.next().await;
    while told.0 == "state" || told.0 == "degraded" {
        world.advance(Duration::from_secs(1));
        told = events.next().await;
    }
    assert_eq!(told.0, "ended");
}
