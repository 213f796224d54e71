//! An outage of Redis or of the provider signs nobody out (invariants 5 and 6).

use crate::world::World;
use axum::http::StatusCode;
use provider::{Answer, Endpoint, Fault};
use std::time::{Duration, Instant};

/// SES-07
#[tokio::test]
async fn redis_away_is_503_with_the_cookie_untouched_and_public_pages_go_on() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.redis.kill();

    let page = alice.open("/profile").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.header("retry-after").is_empty());
    assert!(page.set_cookies().is_empty(), "the cookie is left alone");
    assert!(page.text().contains("session_store_unavailable"));
    let data = alice.fetch("/auth/session").await;
    assert_eq!(
        (data.status, data.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("session_store_unavailable"))
    );
    let out = alice.submit("/auth/logout").await;
    assert_eq!(
        out.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "the session has not ended, and the answer must not say that it has"
    );
    assert!(out.set_cookies().is_empty());

    let home = alice.open("/").await;
    assert_eq!(home.status, StatusCode::OK, "public pages are still rendered");
    assert!(!home.text().contains("Alice"));
    assert_eq!(world.browser().open("/").await.status, StatusCode::OK);
    assert_eq!(world.browser().fetch("/livez").await.status, StatusCode::OK);
    let ready = world.browser().fetch("/readyz").await;
    assert_eq!(
        (ready.status, ready.json()["session_store"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("unavailable"))
    );

    world.redis.resume();
    world
        .until("Redis is back", async || {
            alice.open("/profile").await.status == StatusCode::OK
        })
        .await;
    assert_eq!(alice.session().await["status"], "active", "nobody was signed out");
}

/// SES-07
///
/// fred queues commands until it notices that the connection is lost. No request may wait for a queued command.
#[tokio::test]
async fn a_request_that_meets_a_redis_killed_just_now_is_refused_at_once() {
    let mut world = World::start_with(&[("BFF_REDIS_TIMEOUT", "10s")]).await;
    let alice = world.signed_in("alice").await;
    world.redis.kill();
    let killed = Instant::now();
    while killed.elapsed() < Duration::from_millis(200) {
        let asked = Instant::now();
        let pages = (0..8).map(|_| {
            let mut browser = alice.clone();
            async move { browser.open("/profile").await.status }
        });
        let statuses = futures::future::join_all(pages).await;
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        assert!(statuses.iter().all(|status| *status == StatusCode::SERVICE_UNAVAILABLE));
    }
}

#[tokio::test]
async fn the_provider_away_stops_new_logins_only() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let replica = world.replica().await;
    world.inject(Fault::Answer(
        Endpoint::Metadata,
        Answer::new(503, "text/plain", "away"),
    ));

    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    let mut fresh = world.browser().at(replica.clone());
    let start = fresh.open("/auth/login").await;
    assert_eq!(
        start.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "this replica has never read the metadata"
    );
    assert!(!start.header("retry-after").is_empty());
    assert!(start.text().contains("provider") && start.set_cookies().is_empty());
    let ready = fresh.fetch("/readyz").await;
    assert_eq!(
        (ready.status, &ready.json()["provider_metadata"]),
        (StatusCode::OK, &"unavailable".into()),
        "sessions go on at this replica"
    );
    assert_eq!(alice.at(replica.clone()).open("/profile").await.status, StatusCode::OK);

    let out = alice.at(replica).submit("/auth/logout").await;
    assert_eq!(out.location(), Some("/signed-out?provider=unavailable"));
    assert_eq!(alice.session().await["status"], "ended");

    world.provider.heal();
    world.advance(Duration::from_mins(2));
    assert_eq!(
        fresh.open("/auth/login").await.status,
        StatusCode::SEE_OTHER,
        "sign-in works again by itself"
    );
}
