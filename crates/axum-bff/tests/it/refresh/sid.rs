//! A refreshed ID Token has another `sid` than before. Logouts by the new `sid` and by the first one end the session.

use super::claims::Scene;
use crate::api::call;
use crate::backchannel_logout::logout;
use crate::world::EXPIRED;
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault, LogoutTokenParts};
use serde_json::json;
use std::time::Duration;

/// LO-17
#[tokio::test]
async fn the_session_ends_by_its_new_sid_and_by_the_one_it_began_with() {
    for (is_new, with_sub) in [(true, false), (true, true), (false, false), (false, true)] {
        let scene = Scene::start().await;
        let world = &scene.world;
        let mut alice = world.signed_in("alice").await;
        let first = world.provider.sids("alice").remove(0);
        scene.id_tokens_say(&[("sid", json!("another"))]);
        scene.refresh(&mut alice).await;
        let unknown = LogoutTokenParts::of_session("unknown");
        assert_eq!(logout(world, unknown).await.status, StatusCode::OK);
        let bobs = LogoutTokenParts::of_session("another").with("sub", "bob");
        assert_eq!(logout(world, bobs).await.status, StatusCode::OK);
        assert_eq!(alice.session().await["status"], "active");
        let parts = LogoutTokenParts::of_session(if is_new { "another" } else { &first });
        let parts = if with_sub {
            parts.with("sub", world.provider.subject("alice"))
        } else {
            parts
        };
        assert_eq!(logout(world, parts).await.status, StatusCode::OK);
        assert_eq!(alice.session().await["reason"], "provider", "{is_new} {with_sub}");
        let index = world.redis.keys().into_iter().filter(|key| key.ends_with(":sessions"));
        assert_eq!(index.count(), 0, "no entry of the session is left in the index");
    }
}

/// LO-10
#[tokio::test]
async fn the_front_channel_finds_it_by_its_new_sid() {
    let scene = Scene::start().await;
    let mut alice = scene.world.signed_in("alice").await;
    scene.id_tokens_say(&[("sid", json!("another"))]);
    scene.refresh(&mut alice).await;
    let issuer: String = url::form_urlencoded::byte_serialize(scene.world.provider.issuer().as_bytes()).collect();
    let address = format!("/auth/frontchannel-logout?iss={issuer}&sid=another");
    assert_eq!(scene.world.browser().open(&address).await.status, StatusCode::OK);
    assert_eq!(alice.session().await["reason"], "provider");
}

#[tokio::test]
async fn an_id_token_without_a_sid_takes_none_away_and_a_first_one_counts() {
    let scene = Scene::start().await;
    let world = &scene.world;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    world.inject(Fault::IdTokenWithoutClaim("sid"));
    scene.refresh(&mut alice).await;
    logout(world, LogoutTokenParts::of_session(&sid)).await;
    assert_eq!(alice.session().await["reason"], "provider");

    let mut alice = world.signed_in("alice").await;
    scene.id_tokens_say(&[("sid", json!("first"))]);
    scene.refresh(&mut alice).await;
    assert_eq!(alice.session().await["status"], "active");
    logout(world, LogoutTokenParts::of_session("first")).await;
    assert_eq!(alice.session().await["reason"], "provider");
}

/// LO-22
#[tokio::test]
async fn a_logout_that_overtakes_the_refresh_wins() {
    let scene = Scene::start().await;
    let world = &scene.world;
    let mut alice = world.signed_in("alice").await;
    scene.id_tokens_say(&[("sid", json!("another"))]);
    world.inject(Fault::Delay(Endpoint::Token, Duration::from_millis(400)));
    world.advance(EXPIRED);
    let mut tab = alice.clone();
    let calling = tokio::spawn(async move { call(&mut tab, Method::GET, "/api/orders/1").await });
    world.until_refreshing().await;
    let parts = LogoutTokenParts::of_session("another");
    assert_eq!(
        logout(world, parts).await.status,
        StatusCode::OK,
        "no session has this sid yet"
    );
    assert_eq!(alice.session().await["status"], "active");
    assert_eq!(calling.await.expect("an answer").status, StatusCode::UNAUTHORIZED);
    assert_eq!(alice.session().await["reason"], "provider");
    assert!(!world.redis.keys().iter().any(|key| key.ends_with(":tokens")));
}
