//! Warnings and ends by the clock.

use super::{QUIET, following, listening};
use crate::browser::FETCH;
use crate::world::World;
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

/// The idle limit is half an hour, and the warning comes two minutes before it.
const UP_TO_THE_WARNING: Duration = Duration::from_mins(28);
const NOT_QUITE: Duration = Duration::from_secs(28 * 60 - 1);

/// SES-05
#[tokio::test]
async fn a_stream_does_not_extend_the_session() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(&world).await).await;
    world.advance(NOT_QUITE);
    assert_eq!(events.frame().await.as_deref(), Some(QUIET), "not yet");
    world.advance(Duration::from_secs(1));
    let told = events.expect("expiring").await;
    assert_eq!(
        (&told["status"], &told["idle_expires_in"], &told["warning"]),
        (&json!("expiring"), &json!(120), &json!(120))
    );
    world.advance(Duration::from_mins(2));
    assert_eq!(
        events.expect("ended").await,
        json!({"status": "ended", "reason": "idle"})
    );
    events.assert_over().await;
}

/// SES-05
#[tokio::test]
async fn the_absolute_limit_is_warned_of_once_and_kept() {
    let world = World::start_with(&[("BFF_SESSION_IDLE", "1h"), ("BFF_SESSION_ABSOLUTE", "1h")]).await;
    let mut alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(&world).await).await;
    world.advance(Duration::from_mins(58));
    assert_eq!(events.expect("expiring").await["expires_in"], 120);
    world.advance(Duration::from_mins(1));
    assert_eq!(
        alice.send(Method::POST, "/auth/session", &FETCH, "").await.status,
        StatusCode::OK
    );
    world.advance(Duration::from_mins(1));
    assert_eq!(
        events.expect("ended").await,
        json!({"status": "ended", "reason": "limit"}),
        "no event came in between"
    );
}

#[tokio::test]
async fn a_person_who_stays_on_another_replica_is_not_warned() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(&world).await).await;
    world.advance(Duration::from_mins(20));
    alice.open("/profile").await;
    world.advance(Duration::from_mins(8));
    assert_eq!(
        events.frame().await.as_deref(),
        Some(QUIET),
        "the stream looked and had nothing to report"
    );
    world.advance(Duration::from_mins(20));
    assert_eq!(
        events.expect("expiring").await["idle_expires_in"],
        120,
        "two minutes before the new limit"
    );
}

#[tokio::test]
async fn a_warned_person_who_comes_back_is_told_so_everywhere() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        streams.push(following(&alice, listening(&world).await).await);
    }
    for stays in ["a click", "a page"] {
        world.advance(UP_TO_THE_WARNING);
        for events in &mut streams {
            events.expect("expiring").await;
        }
        world.advance(Duration::from_secs(30));
        match stays {
            "a click" => drop(alice.send(Method::POST, "/auth/session", &FETCH, "").await),
            _ => drop(alice.open("/profile").await),
        }
        for events in &mut streams {
            let told = events.expect("extended").await;
            assert_eq!(
                (&told["status"], &told["idle_expires_in"]),
                (&json!("active"), &json!(1800)),
                "{stays}"
            );
        }
    }
}

#[tokio::test]
async fn a_quiet_stream_shows_that_it_lives() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(&world).await).await;
    let before = world.redis.commands();
    for _ in 0..3 {
        world.advance(Duration::from_secs(20));
        assert_eq!(events.frame().await.as_deref(), Some(QUIET));
    }
    assert_eq!(
        world.redis.commands(),
        before,
        "a quiet stream asks the store for nothing"
    );
}
