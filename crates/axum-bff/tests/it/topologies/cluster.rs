//! A cluster. Every command of a session reaches the node with its slot, also after a primary has died.

use crate::browser::Browser;
use crate::redis::cluster::Cluster;
use crate::world::World;
use axum::http::StatusCode;

/// With so many sessions, each of the three primaries holds some.
const PEOPLE: usize = 12;

/// SES-07
#[tokio::test]
async fn sessions_live_in_a_cluster_and_through_the_death_of_a_primary() {
    let mut redis = Cluster::start();
    let world = World::start_with(&[("BFF_REDIS_URL", &redis.url()), ("BFF_REDIS_TIMEOUT", "1s")]).await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(world.signed_in("alice").await);
    }
    assert!(redis.keys().iter().all(|keys| *keys > 0), "{:?}", redis.keys());
    for browser in &mut people {
        assert_eq!(browser.open("/profile").await.status, StatusCode::OK);
    }
    let mut gone = people.pop().expect("one");
    assert_eq!(gone.submit("/auth/logout").await.status, StatusCode::OK);
    assert_eq!(gone.session().await["status"], "anonymous");
    redis.replicated();

    redis.primaries[1].kill();
    world
        .until("the replica has taken over", async || all_are_back(&mut people).await)
        .await;
    redis.replicas[1].until(&["ROLE"], |said| said.contains("master"));
    assert_eq!(
        gone.session().await["status"],
        "anonymous",
        "the person who signed out stays signed out"
    );
    for browser in &mut people {
        assert_eq!(browser.session().await["status"], "active");
        assert_eq!(browser.submit("/auth/logout").await.status, StatusCode::OK);
        assert_eq!(browser.session().await["status"], "anonymous");
    }
}

/// SES-07
///
/// An operator moves slots while people work. fred follows a slot that has moved, but not a slot that is still moving.
/// A key that has left its old owner is unavailable until the whole slot has arrived.
#[tokio::test]
async fn nobody_is_signed_out_and_no_connection_lost_when_slots_move() {
    let redis = Cluster::start();
    let world = World::start_with(&[("BFF_REDIS_URL", &redis.url())]).await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(world.signed_in("alice").await);
    }
    let (stay, leave) = people.split_at_mut(PEOPLE / 2);
    redis.half_moved();
    for browser in leave {
        let mut copy = browser.clone();
        // The keys of a session move one by one, and Redis ends either all of them or none, so a sign-out may get 503.
        let out = browser.submit("/auth/logout").await.status;
        if out == StatusCode::SERVICE_UNAVAILABLE {
            continue;
        }
        assert_eq!(out, StatusCode::OK);
        for _ in 0..4 {
            let seen = copy.open("/profile").await.status;
            assert_ne!(seen, StatusCode::OK, "no node serves a session that was ended");
        }
    }
    world
        .until("the connections are back", async || all_are_back(stay).await)
        .await;

    redis.replicated();
    assert!(redis.replicas[2].ask(&["CLUSTER", "FAILOVER"]).starts_with("+OK"));
    redis.replicas[2].until(&["ROLE"], |said| said.contains("master"));
    world
        .until("the planned failover is over", async || all_are_back(stay).await)
        .await;
}

/// Whether every page opens again. In between, a page may be unavailable, but nobody may be signed out.
async fn all_are_back(people: &mut [Browser]) -> bool {
    let mut all = true;
    for browser in people {
        let page = browser.open("/profile").await;
        assert!(
            [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&page.status),
            "signed out in between: {page:?}"
        );
        all &= page.status == StatusCode::OK;
    }
    all
}
