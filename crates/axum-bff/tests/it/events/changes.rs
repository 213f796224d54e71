//! A stream reports changed claims and renewed tokens.

use super::{QUIET, SESSIONS, following, listening};
use crate::browser::FETCH;
use crate::refresh::claims::Scene;
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::Fault;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_refresh_is_told_with_the_claims_that_it_brought() {
    let scene = Scene::start().await;
    let world = &scene.world;
    scene.id_tokens_say(&[("nickname", json!("Ally"))]);
    let mut alice = world.signed_in("alice").await;
    let replicas = [listening(world).await, listening(world).await];
    let mut streams = Vec::new();
    for replica in replicas {
        streams.push(following(&alice, replica).await);
    }
    scene.id_tokens_say(&[("nickname", json!("Al")), ("roles", json!(["editor"]))]);
    scene.refresh(&mut alice).await;
    for events in &mut streams {
        let claims = events.expect("claims").await;
        assert_eq!(claims["claims"]["nickname"], "Al");
        assert_eq!(claims["roles"], json!(["editor"]));
        events.expect("refreshed").await;
    }
    scene.refresh(&mut alice).await;
    for events in &mut streams {
        let refreshed = events.expect("refreshed").await;
        assert_eq!(refreshed["claims"]["nickname"], "Al", "nothing else has changed");
    }
}

#[tokio::test]
async fn claims_that_were_read_again_are_told() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(&world).await).await;
    alice.call("reread_claims", "").await;
    world.inject(Fault::UserinfoClaim("nickname", json!("Al")));
    alice.call("reread_claims", "").await;
    let told = events.expect("claims").await;
    assert_eq!(
        told["claims"]["nickname"], "Al",
        "a reading without a change is not reported"
    );
}

#[tokio::test]
async fn frequent_changes_are_not_told() {
    const VISITS: u64 = 3;
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut same = alice.clone();
    let mut events = following(&alice, listening(&world).await).await;
    let mut visit = async || {
        world.advance(Duration::from_mins(5));
        let before = world.redis.commands();
        assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
        world.redis.commands() - before
    };
    visit().await;
    assert_eq!(events.frame().await.as_deref(), Some(QUIET));
    let before = world.redis.commands();
    let mut visits = 0;
    for _ in 0..VISITS {
        visits += visit().await;
    }
    // Redis delivers every message that was published before it answers this request's read.
    assert_eq!(same.session().await["status"], "active");
    assert_eq!(events.frame().await.as_deref(), Some(QUIET));
    assert_eq!(
        world.redis.commands() - before,
        visits + 1,
        "a page of the session makes no stream read the store"
    );
}

#[tokio::test]
async fn other_sessions_are_told_as_they_begin_and_end_without_reading_the_store() {
    let world = World::start().await;
    let laptop = world.signed_in("alice").await;
    let replica = listening(&world).await;
    let mut events = following(&laptop, replica.clone()).await;
    let mut of_another_person = following(&world.signed_in("bob").await, replica).await;
    let mut phone = world.signed_in("alice").await;
    let before = world.redis.commands();
    assert_eq!(events.frame().await.as_deref(), Some(SESSIONS), "one has begun");
    assert_eq!(world.redis.commands(), before);
    world.advance(Duration::from_secs(1));
    phone.submit("/auth/logout").await;
    assert_eq!(events.frame().await.as_deref(), Some(SESSIONS), "one has ended");
    world.advance(Duration::from_secs(20));
    assert_eq!(of_another_person.frame().await.as_deref(), Some(QUIET));
}

#[tokio::test]
async fn other_sessions_are_told_once_a_second_at_most() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(&world).await).await;
    alice.call("reread_claims", "").await;
    world.signed_in("alice").await;
    assert_eq!(events.frame().await.as_deref(), Some(SESSIONS));
    world.signed_in("alice").await;
    world.inject(Fault::UserinfoClaim("nickname", json!("Al")));
    alice.call("reread_claims", "").await;
    let (event, _) = events.next().await;
    assert_eq!(event, "claims");
    assert_eq!(events.read.matches(SESSIONS).count(), 1, "{}", events.read);
    world.advance(Duration::from_secs(1));
    assert_eq!(events.frame().await.as_deref(), Some(SESSIONS));
}

#[tokio::test]
async fn a_request_that_a_page_makes_by_itself_is_no_activity() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_mins(5));
    let before = alice.session().await["idle_expires_in"].as_u64();
    let by_itself = [&FETCH[..], &[("x-unattended", "1")]].concat();
    for (headers, is_put_off) in [(by_itself.as_slice(), false), (&FETCH[..], true)] {
        let answer = alice.send(Method::POST, "/_fn/list_sessions", headers, "").await;
        assert_eq!(answer.status, StatusCode::OK);
        let left = alice.session().await["idle_expires_in"].as_u64();
        assert_eq!(left > before, is_put_off, "{headers:?}");
    }
}
