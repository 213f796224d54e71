//! The settings of the connections to Redis.

use fred::types::config::Config;
use std::time::Duration;

/// How to reach Redis.
#[derive(Clone)]
pub struct RedisSettings {
    /// The address, already read from `BFF_REDIS_URL`: `redis:`, `rediss:`, `redis-sentinel:`,
    /// `redis-cluster:` or `redis+unix:`.
    pub config: Config,
    /// How many connections one replica holds.
    pub connections: usize,
    /// How long a command may take, the wait for a connection included.
    pub timeout: Duration,
}

impl RedisSettings {
    /// Whether every address is of this machine: a socket, or loopback.
    #[must_use]
    pub fn stays_here(&self) -> bool {
        let server = &self.config.server;
        server.is_unix_socket()
            || server.hosts().iter().all(|server| {
                let host = server.host.trim_start_matches('[').trim_end_matches(']');
                host == "localhost"
                    || host
                        .parse()
                        .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
            })
    }
}

impl std::fmt::Debug for RedisSettings {
    /// Without the configuration: fred's own form shows the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RedisSettings")
            .field("connections", &self.connections)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
