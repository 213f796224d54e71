//! Connections to Redis that vanish silently. Neither end sees a close, and everything that is sent is lost.

use crate::browser::Browser;
use crate::events::{Events, following};
use crate::leaks::Log;
use crate::redis::cluster::{Cluster, records};
use crate::redis::node::Node;
use crate::redis::proxy::Proxy;
use crate::redis::sentinel::Sentinels;
use crate::world::World;
use axum::Router;
use axum::http::StatusCode;
use std::any::Any;
use std::time::{Duration, Instant};

/// How long Redis may take to answer.
const TIMEOUT: Duration = Duration::from_secs(1);

/// How long a request may take if Redis does not answer: the time-out, and what a busy machine adds.
const ANSWERED: Duration = Duration::from_secs(2);

/// The time within which a connection is replaced: a check, its time-out, the new connection, and what a busy machine
/// adds.
const BACK: Duration = Duration::from_secs(6);

/// One or several Redis servers behind proxies that can make connections vanish.
pub(super) struct Behind {
    name: &'static str,
    pub(super) url: String,
    pub(super) ways: Vec<Proxy>,
    /// The servers, which run until this is dropped.
    _servers: Box<dyn Any>,
}

impl Behind {
    pub(super) fn single() -> Self {
        let (node, way) = (Node::start(&[]), Proxy::start());
        way.lead_to(node.port);
        Self {
            name: "single",
            url: format!("redis://127.0.0.1:{}", way.port),
            ways: vec![way],
            _servers: Box::new(node),
        }
    }

    fn sentinels() -> Self {
        let (redis, way) = Sentinels::start_behind();
        Self {
            name: "sentinels",
            url: redis.url(),
            ways: vec![way],
            _servers: Box::new(redis),
        }
    }

    fn cluster() -> Self {
        let (redis, ways) = Cluster::start_behind();
        let (first, second) = (ways[0].port, ways[1].port);
        Self {
            name: "cluster",
            url: format!("redis-cluster://127.0.0.1:{first}?node=127.0.0.1:{second}"),
            ways,
            _servers: Box::new(redis),
        }
    }

    pub(super) async fn world(&self) -> World {
        World::start_with(&[("BFF_REDIS_URL", &self.url), ("BFF_REDIS_TIMEOUT", "1s")]).await
    }

    pub(super) fn swallow(&self) {
        self.ways.iter().for_each(Proxy::swallow);
    }
}

/// Opens a page. Its status is 200 or 503, and it never comes late.
async fn asked(browser: &mut Browser) -> StatusCode {
    let begun = Instant::now();
    let status = browser.open("/profile").await.status;
    assert!(
        [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&status),
        "{status}"
    );
    assert!(begun.elapsed() < ANSWERED, "{status} after {:?}", begun.elapsed());
    status
}

/// Whether the log has a line with this code, and this purpose of the connection.
fn says(log: &Log, code: &str, purpose: &str) -> bool {
    let (code, purpose) = (format!("code=\"{code}\""), format!("purpose=\"{purpose}\""));
    log.text()
        .lines()
        .any(|line| line.contains(&code) && line.contains(&purpose))
}

/// A logout at one replica arrives on an event stream that was opened at another replica before.
async fn ends_elsewhere(world: &World, browser: &mut Browser, hearing: Router, events: &mut Events) {
    let mut there = world.browser().at(hearing);
    world
        .until("the other replica hears of changes", async || {
            there.fetch("/readyz").await.json()["session_events"] == "ok"
        })
        .await;
    assert_eq!(browser.submit("/auth/logout").await.status, StatusCode::OK);
    let mut told = events.next().await.0;
    while told != "ended" {
        // A stream that could not read the session tries again after a while. The clock stands still here, so the test
        // moves it.
        world.advance(Duration::from_secs(1));
        told = events.next().await.0;
    }
}

async fn under_traffic(behind: Behind) {
    let (log, _guard) = Log::catch();
    let world = behind.world().await;
    let mut alice = world.signed_in("alice").await;
    let hearing = world.replica().await;
    let mut events = following(&alice, hearing.clone()).await;
    assert_eq!(asked(&mut alice).await, StatusCode::OK);
    behind.swallow();
    let vanished = Instant::now();
    let mut steady = 0;
    // Twelve requests use each connection of the pool.
    while steady < 12 {
        assert!(vanished.elapsed() < BACK, "{}: no service: {}", behind.name, log.text());
        steady = if asked(&mut alice).await == StatusCode::OK {
            steady + 1
        } else {
            0
        };
    }
    ends_elsewhere(&world, &mut alice, hearing, &mut events).await;
    assert!(vanished.elapsed() < BACK + ANSWERED, "{:?}", vanished.elapsed());
    for purpose in ["commands", "events"] {
        for code in ["session_store_silent", "session_store_back"] {
            world
                .until("the log has the line", async || says(&log, code, purpose))
                .await;
        }
    }
}

async fn without_traffic(behind: Behind) {
    let (log, _guard) = Log::catch();
    let world = behind.world().await;
    let mut alice = world.signed_in("alice").await;
    behind.swallow();
    let vanished = Instant::now();
    world
        .until("every connection is replaced without any request", async || {
            let back = |purpose| log.text().matches(&back_line(purpose)).count();
            back("commands") == 4 && back("events") == 1
        })
        .await;
    assert!(vanished.elapsed() < BACK, "{}: {:?}", behind.name, vanished.elapsed());
    for _ in 0..4 {
        assert_eq!(
            asked(&mut alice).await,
            StatusCode::OK,
            "{}: the first request",
            behind.name
        );
    }
}

fn back_line(purpose: &str) -> String {
    format!("code=\"session_store_back\" purpose=\"{purpose}\"")
}

/// New connections are swallowed too, like those to a host that is down behind a firewall.
async fn unreachable(behind: Behind) {
    let (log, _guard) = Log::catch();
    let world = behind.world().await;
    let mut alice = world.signed_in("alice").await;
    behind.ways.iter().for_each(Proxy::close);
    let gone = Instant::now();
    let mut refused_at_once = 0;
    while refused_at_once < 10 {
        assert!(gone.elapsed() < BACK, "{}: requests wait: {}", behind.name, log.text());
        let begun = Instant::now();
        assert_eq!(asked(&mut alice).await, StatusCode::SERVICE_UNAVAILABLE);
        let is_fast = begun.elapsed() < TIMEOUT / 2;
        refused_at_once = if is_fast { refused_at_once + 1 } else { 0 };
    }
    let ready = world.browser().fetch("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["session_events"], "unavailable");
    behind.ways.iter().for_each(Proxy::open);
    world
        .until("pages are served again", async || {
            asked(&mut alice).await == StatusCode::OK
        })
        .await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn vanished_connections_to_one_redis_are_replaced_under_traffic() {
    under_traffic(Behind::single()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn vanished_connections_to_a_primary_of_sentinels_are_replaced_under_traffic() {
    under_traffic(Behind::sentinels()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn vanished_connections_to_a_cluster_are_replaced_under_traffic() {
    under_traffic(Behind::cluster()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn vanished_connections_to_one_redis_are_replaced_without_traffic() {
    without_traffic(Behind::single()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn vanished_connections_to_a_primary_of_sentinels_are_replaced_without_traffic() {
    without_traffic(Behind::sentinels()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn vanished_connections_to_a_cluster_are_replaced_without_traffic() {
    without_traffic(Behind::cluster()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn requests_do_not_wait_for_one_redis_that_swallows_new_connections_too() {
    unreachable(Behind::single()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn requests_do_not_wait_for_a_sentinel_primary_that_swallows_new_connections_too() {
    unreachable(Behind::sentinels()).await;
}

/// SES-07
#[tokio::test(flavor = "current_thread")]
async fn requests_do_not_wait_for_a_cluster_that_swallows_new_connections_too() {
    unreachable(Behind::cluster()).await;
}

/// A person whose session record is at this primary.
async fn signed_in_at(world: &World, node: &Node) -> Browser {
    for _ in 0..50 {
        let before = records(node).len();
        let browser = world.signed_in("alice").await;
        if records(node).len() > before {
            return browser;
        }
    }
    panic!("every session lies elsewhere");
}

/// SES-07
///
/// One node of a cluster no longer answers. The sessions at the other nodes are served all the time.
#[tokio::test(flavor = "current_thread")]
async fn a_silent_node_of_a_cluster_takes_no_connection_to_the_others_with_it() {
    let (redis, ways) = Cluster::start_behind();
    let url = format!("redis-cluster://127.0.0.1:{}", ways[0].port);
    let world = World::start_with(&[("BFF_REDIS_URL", &url), ("BFF_REDIS_TIMEOUT", "1s")]).await;
    let mut at_first = signed_in_at(&world, &redis.primaries[0]).await;
    let mut at_third = signed_in_at(&world, &redis.primaries[2]).await;
    ways[2].close();
    let gone = Instant::now();
    while gone.elapsed() < 3 * TIMEOUT {
        assert_eq!(asked(&mut at_first).await, StatusCode::OK, "after {:?}", gone.elapsed());
    }
    assert_eq!(asked(&mut at_third).await, StatusCode::SERVICE_UNAVAILABLE);
    ways[2].open();
    world
        .until("its sessions are served again", async || {
            asked(&mut at_third).await == StatusCode::OK
        })
        .await;
    assert_eq!(asked(&mut at_first).await, StatusCode::OK);
}
