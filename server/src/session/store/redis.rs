//! Sessions in Redis: tower-sessions-redis-store on a fred pool whose waits all have a bound.
//!
//! fred's `default-nil-types` is on (Cargo.toml): without it the store's `SET .. XX` answers a
//! parse error, not "nothing to change", when the session was ended meanwhile.

use super::{Store, StoreError};
use async_trait::async_trait;
use fred::clients::{Pool, WithOptions};
use fred::interfaces::{ClientLike, KeysInterface};
use fred::types::config::{Config, ConnectionConfig, Options, PerformanceConfig, ReconnectPolicy, UnresponsiveConfig};
use fred::types::{Builder, Expiration, SetOptions};
use std::time::Duration;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};
use tower_sessions_redis_store::RedisStore as Records;

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

/// A store in Redis. Clones share their connections.
#[derive(Clone, Debug)]
pub struct RedisStore {
    records: Records<WithOptions<Pool>>,
    commands: WithOptions<Pool>,
}

impl RedisStore {
    /// Connects, and waits for it no longer than for a command. Redis may be away now and come
    /// later: the pool goes on trying for as long as the process lives.
    ///
    /// # Errors
    ///
    /// Where the settings contradict themselves.
    pub async fn connect(settings: &RedisSettings) -> Result<Self, fred::error::Error> {
        let timeout = settings.timeout;
        let pool = Builder::from_config(settings.config.clone())
            .with_performance_config(|performance: &mut PerformanceConfig| {
                performance.default_command_timeout = timeout;
            })
            .with_connection_config(|connection: &mut ConnectionConfig| {
                connection.connection_timeout = timeout;
                connection.internal_command_timeout = timeout;
                connection.max_command_attempts = 2;
                connection.max_command_buffer_len = 10_000;
                connection.unresponsive = UnresponsiveConfig {
                    max_timeout: Some(timeout * 3),
                    ..UnresponsiveConfig::default()
                };
            })
            .set_policy(ReconnectPolicy::new_exponential(0, 100, 5_000, 2))
            .build_pool(settings.connections)?;
        // The handle is the connection task; it ends with the pool.
        drop(pool.connect_pool());
        if tokio::time::timeout(timeout, pool.wait_for_connect()).await.is_err() {
            tracing::warn!(code = "session_store_unavailable", "Redis is away; going on without it");
        }
        // A command that waits for Redis to come back would be run then, long after its request
        // was answered with 503: a login would be used up by an answer that nobody got.
        let commands = pool.with_options(&Options {
            fail_fast: true,
            ..Options::default()
        });
        Ok(Self {
            records: Records::new(commands.clone()),
            commands,
        })
    }

    /// Closes the connections, commands under way first.
    pub async fn close(&self) {
        if let Err(error) = self.commands.quit().await {
            tracing::debug!(%error, "closing the connections to Redis");
        }
    }
}

fn away(error: &fred::error::Error) -> StoreError {
    StoreError::Away(session_store::Error::Backend(error.to_string()))
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.records.create(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.records.save(record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.records.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.records.delete(id).await
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError> {
        let expire = Some(Expiration::EXAT(until.unix_timestamp()));
        let first: Option<String> = self
            .commands
            .set(format!("spent:{place}"), "", expire, Some(SetOptions::NX), false)
            .await
            .map_err(|error| away(&error))?;
        Ok(first.is_some())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.commands.ping::<()>(None).await.map_err(|error| away(&error))
    }
}
