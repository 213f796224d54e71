//! A page of the list of all sessions, as an administrator asks for it.

use super::redis::Redis;
use super::report::micros;
use super::servers::Servers;
use super::sessions::Writer;
use crate::Options;
use bff_session::Cursor;
use std::time::{Duration, Instant};

/// A page has so many sessions.
const ON_A_PAGE: usize = 50;

/// So many pages are read, each from the same place.
const PAGES: u32 = 200;

/// So many pages are turned to come to a place in the midst of the list.
const DEEP: usize = 100;

/// The first page, and one in the midst of the list, out of as many sessions as there are.
pub(crate) async fn pages(options: &Options, servers: &Servers, sessions: usize) {
    let title = format!("a page of {ON_A_PAGE} sessions out of {sessions}");
    if !options.want(&title) {
        return;
    }
    let replica = Writer::new(&servers.redis.url(), &servers.application.key).await;
    let mut deep = None;
    for _ in 0..DEEP {
        let Some(next) = replica.page(deep, ON_A_PAGE).await.next else {
            break;
        };
        deep = Some(next);
    }
    println!("\n### {title}\n\n| page | p50 | p99 | store commands |\n|---|--:|--:|--:|");
    for (name, after) in [("the first", None), ("in the midst", deep)] {
        row(name, &replica, &servers.redis, after).await;
    }
}

async fn row(name: &str, replica: &Writer, redis: &Redis, after: Option<Cursor>) {
    let mut times: Vec<Duration> = Vec::new();
    let before = redis.commands().await;
    for _ in 0..PAGES {
        let begun = Instant::now();
        replica.page(after, ON_A_PAGE).await;
        times.push(begun.elapsed());
    }
    let commands = (redis.commands().await - before) / u64::from(PAGES);
    times.sort_unstable();
    let percentile = |percent: usize| times.get(times.len() * percent / 100).copied().map_or(0.0, micros);
    println!(
        "| {name} | {:.0} µs | {:.0} µs | {commands} |",
        percentile(50),
        percentile(99)
    );
}
