//! What sessions take: in Redis, and in the process.

use super::bff::{BINARY, COOKIE, FETCH, NAVIGATE};
use super::load::{self, Load, Request, Sample};
use super::process::Server;
use super::redis::Redis;
use super::relay;
use super::servers::{LOGIN, Servers};
use super::sessions::Writer;
use super::upstream;
use crate::Options;
use std::sync::Arc;

/// What one session takes in Redis, key by key.
pub(crate) async fn bytes_of_a_session() {
    let redis = Redis::start().await;
    let key = bff_session::key_ring::KeyRing::new_key().to_string();
    Writer::new(&redis.url(), &key).await.establish(1).await;
    let sizes = redis.memory().await;
    println!("### Bytes of one session in Redis (`MEMORY USAGE`), with 1.5 KB of tokens\n");
    for (kind, bytes) in &sizes {
        println!("- {kind}: {bytes}");
    }
    println!("- together: {}", sizes.iter().map(|(_, bytes)| bytes).sum::<u64>());
}

/// What the servers hold now, whatever they have been asked.
pub(crate) fn after_the_run(servers: &Servers) {
    println!("\n### Resident memory after the run\n");
    for server in [&servers.plain, &servers.naive, &servers.proxy, &servers.ours] {
        println!("- {}: {}", server.name, resident(server));
    }
}

/// What a new process of ours holds after a million requests of every kind, by as many sessions as there are.
pub(crate) async fn after_a_million(options: &Options, servers: &Servers, ids: &Arc<Vec<String>>) {
    const TITLE: &str = "Resident memory after a million requests";
    if !options.want(TITLE) {
        return;
    }
    println!("\n### {TITLE}, by {} sessions\n", ids.len());
    let cookie = || Some((COOKIE, ids.clone()));
    let requests = [
        (700_000, Request::new("/auth/session", &FETCH, cookie()), 200),
        (100_000, relay::call(upstream::ORDERS, ids.clone()), 200),
        (100_000, Request::new("/profile", &NAVIGATE, cookie()), 200),
        (50_000, Request::new("/profile", &FETCH, None), 401),
        (50_000, Request::new(LOGIN, &NAVIGATE, None), 303),
    ];
    let api = format!("http://{}/api/orders", servers.upstream.address);
    let settings = [("BFF_API_ORDERS", api.as_str())];
    let new = servers
        .application
        .start("ours", BINARY.as_ref(), &servers.redis, &settings);
    let before = resident(&new);
    for (count, request, status) in &requests {
        let load = Load {
            first: 0,
            count: *count,
            connections: options.connections,
        };
        load::run(new.address, request, load, *status, &mut Sample::default()).await;
    }
    println!("- ours: {}; before the first request {before}", resident(&new));
}

fn resident(server: &Server) -> String {
    let (now, most) = server.memory();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand KiB")]
    let mib = |kib: u64| kib as f64 / 1024.0;
    format!("{:.1} MiB (at most {:.1} MiB)", mib(now), mib(most))
}
