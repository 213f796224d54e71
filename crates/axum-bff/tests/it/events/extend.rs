//! `POST /auth/session`: "stay signed in".

use crate::browser::{Browser, FETCH};
use crate::world::World;
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

async fn stay(browser: &mut Browser) -> crate::browser::Answer {
    browser.send(Method::POST, "/auth/session", &FETCH, "").await
}

#[tokio::test]
async fn a_person_who_stays_has_the_whole_idle_limit_at_once() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut elsewhere = alice.at(world.replica().await);
    world.advance(Duration::from_secs(5));
    alice.open("/profile").await;
    assert_eq!(
        elsewhere.session().await["idle_expires_in"],
        1795,
        "the activity of pages is stored once a minute"
    );
    let stayed = stay(&mut alice).await;
    assert_eq!(stayed.status, StatusCode::OK);
    assert_eq!(stayed.json()["idle_expires_in"], 1800);
    assert_eq!(elsewhere.session().await, stayed.json());
    let before = world.redis.commands();
    stay(&mut alice).await;
    assert_eq!(
        world.redis.commands(),
        before + 1,
        "two extensions within a second are stored once"
    );
    assert!(stayed.set_cookies().is_empty());
}

#[tokio::test]
async fn a_person_who_is_too_late_is_told_why() {
    let world = World::start().await;
    let nobody = stay(&mut world.browser()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.header("content-type"), "application/problem+json");
    assert_eq!(nobody.json()["code"], "sign_in_required");
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_mins(30));
    let late = stay(&mut alice).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(late.json()["code"], "session_ended_idle");
    assert_eq!(
        alice.session().await,
        json!({"status": "ended", "reason": "idle"}),
        "the session stays ended"
    );
}

/// CSRF-03
#[tokio::test]
async fn another_site_keeps_nobody_signed_in() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_mins(10));
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[]] {
        let answer = alice.send(Method::POST, "/auth/session", headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(alice.session().await["idle_expires_in"], 1200);
}

/// SES-07
#[tokio::test]
async fn a_store_that_is_away_ends_nothing() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.redis.kill();
    let answer = stay(&mut alice).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["code"], "session_store_unavailable");
    assert!(answer.set_cookies().is_empty() && !answer.header("retry-after").is_empty());
}
