//! The copy of session records, when its connections vanish. Pages are served from it for a short time only, and again
//! after the connections have been replaced.

use super::cluster_copy::{ends, signed_in_at};
use super::silence::BACK;
use super::steady;
use crate::redis::cluster::Cluster;
use crate::redis::node::Node;
use crate::redis::proxy::Proxy;
use crate::world::World;
use std::time::Instant;

async fn is_not_believed_and_comes_back(url: &str, first: &Node, ways: &[Proxy], commands: impl Fn() -> u64) {
    let world = World::start_with(&[
        ("BFF_REDIS_URL", url),
        ("BFF_REDIS_TIMEOUT", "1s"),
        ("BFF_SESSION_LOCAL_COPY", "on"),
    ])
    .await;
    let (mut alice, key) = signed_in_at(&world, first).await;
    let (mut bob, _) = signed_in_at(&world, first).await;
    for browser in [&mut alice, &mut bob] {
        steady(&world, browser, &commands).await;
    }
    ways.iter().for_each(Proxy::swallow);
    let vanished = Instant::now();
    ends(&mut alice, first, &key).await;
    steady(&world, &mut bob, &commands).await;
    assert!(vanished.elapsed() < 2 * BACK, "after {:?}", vanished.elapsed());
}

#[tokio::test]
async fn invariant_3_a_copy_whose_connection_vanishes_is_not_believed_and_comes_back() {
    let (node, way) = (Node::start(&[]), Proxy::start());
    way.lead_to(node.port);
    let url = format!("redis://127.0.0.1:{}", way.port);
    is_not_believed_and_comes_back(&url, &node, &[way], || node.commands()).await;
}

#[tokio::test]
async fn invariant_3_a_copy_of_a_cluster_whose_connections_vanish_is_not_believed_and_comes_back() {
    let (redis, ways) = Cluster::start_behind();
    let url = format!("redis-cluster://127.0.0.1:{}", ways[0].port);
    is_not_believed_and_comes_back(&url, &redis.primaries[0], &ways, || redis.commands()).await;
}
