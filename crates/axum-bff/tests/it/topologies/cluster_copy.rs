//! A cluster with a copy of session records in memory (`BFF_SESSION_LOCAL_COPY`). The copy does not serve a session
//! that has ended, whichever node owns its slot. The tests spoil records directly in Redis. Only Redis' own notices of
//! changes can reveal that, and the copy's proof that such notices would come.

use super::steady;
use crate::browser::Browser;
use crate::redis::cluster::{Cluster, records};
use crate::redis::node::Node;
use crate::world::World;
use axum::http::StatusCode;
use std::time::{Duration, Instant};

/// How long a copy may still be served after the session has ended.
const BOUND: Duration = Duration::from_secs(1);

async fn copying(redis: &Cluster) -> World {
    World::start_with(&[
        ("BFF_REDIS_URL", &redis.url()),
        ("BFF_REDIS_TIMEOUT", "1s"),
        ("BFF_SESSION_LOCAL_COPY", "on"),
    ])
    .await
}

/// Signs Alice in until the session record lies at this primary. Returns the browser and the record's key.
pub(super) async fn signed_in_at(world: &World, node: &Node) -> (Browser, String) {
    for _ in 0..50 {
        let before = records(node);
        let browser = world.signed_in("alice").await;
        if let Some(key) = records(node).into_iter().find(|key| !before.contains(key)) {
            return (browser, key);
        }
    }
    panic!("no session record lies at this primary");
}

/// Spoils the record. A second later, no page may be served with it any more.
pub(super) async fn ends(browser: &mut Browser, node: &Node, key: &str) {
    assert_eq!(node.ask(&["SET", key, "no session", "XX"]), "+OK\r\n");
    let ended = Instant::now();
    while ended.elapsed() < 2 * BOUND {
        let begun = ended.elapsed();
        let page = browser.open("/profile").await.status;
        assert!(page != StatusCode::OK || begun < BOUND, "served after {begun:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn invariant_3_a_copy_of_a_cluster_costs_no_store_command_and_follows_the_slot() {
    let redis = Cluster::start();
    let world = copying(&redis).await;
    let [first, second, third] = &redis.primaries[..] else {
        unreachable!("three")
    };
    let (mut alice, at_first) = signed_in_at(&world, first).await;
    let (mut bob, at_third) = signed_in_at(&world, third).await;
    let (mut carol, at_second) = signed_in_at(&world, second).await;
    for browser in [&mut alice, &mut bob, &mut carol] {
        steady(&world, browser, || redis.commands()).await;
    }
    ends(&mut bob, third, &at_third).await;

    let mut elsewhere = carol.at(world.replica().await);
    elsewhere.submit("/auth/logout").await;
    world
        .until("the session has ended here too", async || {
            carol.session().await["status"] == "ended"
        })
        .await;
    assert!(!records(second).contains(&at_second));

    redis.moved(&at_first, 0, 1);
    steady(&world, &mut alice, || redis.commands()).await;
    ends(&mut alice, second, &at_first).await;
}

#[tokio::test]
async fn invariant_3_a_frozen_primary_and_its_copy_are_not_believed_when_another_has_taken_over() {
    let redis = Cluster::start();
    let world = copying(&redis).await;
    let (old, new) = (&redis.primaries[0], &redis.replicas[0]);
    let (mut alice, key) = signed_in_at(&world, old).await;
    steady(&world, &mut alice, || redis.commands()).await;
    redis.replicated();
    old.pause();
    new.until(&["ROLE"], |said| said.contains("master"));
    ends(&mut alice, new, &key).await;
    // The connection to the old primary still holds, but no node reports changes of the records that were read over it.
    old.go_on();
    old.until(&["ROLE"], |said| said.contains("slave"));
    let woken = Instant::now();
    while woken.elapsed() < 2 * BOUND {
        assert_ne!(alice.open("/profile").await.status, StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn invariant_3_what_ends_while_a_primary_is_dead_is_gone_and_the_copy_comes_back() {
    let mut redis = Cluster::start();
    let world = copying(&redis).await;
    let (mut alice, key) = signed_in_at(&world, &redis.primaries[0]).await;
    let (mut bob, _) = signed_in_at(&world, &redis.primaries[0]).await;
    for browser in [&mut alice, &mut bob] {
        steady(&world, browser, || redis.commands()).await;
    }
    redis.replicated();
    redis.primaries[0].kill();
    redis.replicas[0].until(&["ROLE"], |said| said.contains("master"));
    std::mem::swap(&mut redis.primaries[0], &mut redis.replicas[0]);
    ends(&mut alice, &redis.primaries[0], &key).await;
    steady(&world, &mut bob, || redis.commands()).await;
}
