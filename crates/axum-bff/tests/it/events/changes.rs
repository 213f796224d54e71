//! A stream reports changed claims and renewed tokens.

use super::{QUIET, following, listening};
use crate::refresh::claims::Scene;
use crate::world::World;
use axum::http::StatusCode;
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
