//! Proof by force: several real `bff` processes, a real Redis, and a provider with refresh token rotation and reuse
//! detection are under load, while parts of them are killed, frozen or restarted.
//!
//! Each scenario has a short and a long version. The short version is part of `cargo xtask test`.
//! `cargo xtask test force` runs the long version (`FORCE=long`) and writes its figures to `docs/force.md`. Unlike all
//! other tests, these use the real time, because a process cannot be given another clock.

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
mod soak;
mod upgrade;
mod visitor;
mod world;

use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// Scenarios that make load run one after the other. Otherwise they would measure each other's load.
static ALONE: Mutex<()> = Mutex::const_new(());

async fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().await
}

/// Whether the long versions run.
fn is_long() -> bool {
    std::env::var("FORCE").is_ok_and(|force| force == "long")
}

/// The value for the version that runs.
fn scale<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// The number of seconds for the version that runs.
fn seconds(short: u64, long: u64) -> Duration {
    Duration::from_secs(scale(short, long))
}
