//! The bounds of streams, and their end with the server.

use super::{EVENTS, Events, following};
use crate::api::head;
use crate::wire::Wire;
use crate::world::World;
use axum::http::StatusCode;
use axum_bff::event_streams::EventStreams;
use http_body_util::BodyExt;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::oneshot;

async fn code(events: Events) -> Value {
    let body = events.body.collect().await.expect("the whole body").to_bytes();
    serde_json::from_slice::<Value>(&body).expect("a problem document")["code"].clone()
}

#[tokio::test]
async fn one_session_leaves_streams_to_others() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let replica = world.replica().await;
    let mut held = Vec::new();
    for _ in 0..16 {
        held.push(following(&alice, replica.clone()).await);
    }
    let refused = Events::open(&alice, replica.clone()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(code(refused).await, "too_many_at_once");
    following(&world.signed_in("bob").await, replica.clone()).await;
    held.pop();
    following(&alice, replica).await;
}

#[tokio::test]
async fn one_person_leaves_streams_to_others_however_many_sessions_there_are() {
    let world = World::start().await;
    let replica = world
        .replica_with(|parts| parts.event_streams = EventStreams::new(100, 3, 2))
        .await;
    let (laptop, phone) = (world.signed_in("alice").await, world.signed_in("alice").await);
    let mut held = Vec::new();
    for browser in [&laptop, &laptop, &phone] {
        held.push(following(browser, replica.clone()).await);
    }
    let refused = Events::open(&phone, replica.clone()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(code(refused).await, "too_many_at_once");
    following(&world.signed_in("bob").await, replica.clone()).await;
    held.pop();
    following(&phone, replica).await;
}

#[tokio::test]
async fn all_sessions_together_have_a_bound() {
    let world = World::start().await;
    let replica = world
        .replica_with(|parts| parts.event_streams = EventStreams::new(1, 1, 1))
        .await;
    let held = following(&world.signed_in("alice").await, replica.clone()).await;
    let bob = world.signed_in("bob").await;
    let refused = Events::open(&bob, replica.clone()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers["retry-after"], "5");
    assert_eq!(code(refused).await, "event_streams_busy");
    drop(held);
    following(&bob, replica).await;
}

#[tokio::test]
async fn a_stream_ends_with_the_server_in_good_order() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let (server, address) = world.server().await;
    let (end, ended) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = ended.await;
    }));
    let request = head(&alice, &format!("GET {EVENTS} HTTP/1.1"), "");
    let mut wire = Wire::open_at(address, &request).await;
    wire.until("event: state").await;
    drop(end);
    // This is the last chunk, so nothing was cut.
    wire.until("\r\n0\r\n\r\n").await;
    assert!(!wire.read.contains("event: ended"), "the session goes on");
    let ended = tokio::time::timeout(Duration::from_secs(5), running).await;
    ended.expect("in time").expect("no panic");
}
