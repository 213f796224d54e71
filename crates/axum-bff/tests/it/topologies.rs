//! Redis with TLS, with sentinels, and as a cluster. The application is always the same, and learns the topology from
//! the address of Redis.

mod cluster;
mod cluster_copy;
mod sentinel;
mod silence;
mod silent_copy;
mod tls;
mod tls_of_several;

use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;

/// Opens pages until the answers come from the copy in memory. `commands` returns the number of commands that Redis has
/// got.
async fn steady(world: &World, browser: &mut Browser, commands: impl Fn() -> u64) {
    world
        .until("requests cost no store command", async || {
            let before = commands();
            for _ in 0..10 {
                if browser.open("/profile").await.status != StatusCode::OK {
                    return false;
                }
            }
            commands() == before
        })
        .await;
}
