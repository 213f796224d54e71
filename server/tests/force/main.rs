//! Proof by force: several real `bff` processes, a real Redis, and a provider with rotation and reuse detection, under
//! load while parts of it are killed, frozen or exchanged.
//!
//! Each scenario has a short version, which is part of `cargo xtask test`, and a long one (`FORCE=long`), which
//! `cargo xtask test force` runs and whose figures it writes to `docs/force.md`. Unlike all other tests these go by the
//! real time: processes cannot be given another.

mod expiries;
mod failover;
mod front;
mod killed_replica;
mod load;
#[path = "../../../crates/axum-bff/tests/loopback/loopback.rs"]
mod loopback;
mod provider_away;
mod provider_slow;
#[path = "../../../crates/axum-bff/tests/redis/redis.rs"]
#[expect(dead_code, reason = "the integration tests use more of it")]
mod redis;
mod redis_away;
mod replica;
mod report;
mod rolling_restart;
mod visitor;
mod world;

use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// Scenarios that make load run one after the other, or they would measure each other.
static ALONE: Mutex<()> = Mutex::const_new(());

async fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().await
}

/// Whether the long versions are wanted.
fn is_long() -> bool {
    std::env::var("FORCE").is_ok_and(|force| force == "long")
}

/// One of two numbers, by the version.
fn scale<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// So many seconds, by the version.
fn seconds(short: u64, long: u64) -> Duration {
    Duration::from_secs(scale(short, long))
}
