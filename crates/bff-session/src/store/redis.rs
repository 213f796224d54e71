//! Sessions in Redis: tower-sessions-redis-store on a fred pool whose waits all have a bound.
//!
//! fred's `default-nil-types` is on (Cargo.toml): without it the store's `SET .. XX` answers a
//! parse error, not "nothing to change", when the session was ended meanwhile.
//!
//! Which keys there are says `redis/keys.rs`.

mod connection;
mod diagnosis;
mod events;
mod index;
mod keys;
mod readiness;
mod reconnect;
mod records;
mod script;
mod settings;
mod tokens;

pub use diagnosis::{RedisDiagnosis, diagnose};
pub use script::Script;
pub use settings::RedisSettings;

use super::{SessionEvents, StoreError};
use crate::metrics::StoreCommands;
use ::metrics::{NoopRecorder, Recorder};
use bff_clock::Clock;
use fred::clients::{Pool, SubscriberClient, WithOptions};
use fred::interfaces::ClientLike;
use fred::types::Builder;
use fred::types::config::Options;
use reconnect::Reconnect;
use std::sync::Arc;
use tower_sessions::session_store;
use tower_sessions_redis_store::RedisStore as Records;

/// The purposes of connections, in the words of the log.
const COMMANDS: &str = "commands";
const EVENTS: &str = "events";

/// Connections whose waits all have a bound.
pub type Commands = WithOptions<Pool>;

/// A store in Redis. Clones share their connections.
#[derive(Clone, Debug)]
pub struct RedisStore {
    records: Records<Commands>,
    commands: Commands,
    subscriber: SubscriberClient,
    events: SessionEvents,
    hearing: events::Hearing,
    readiness: readiness::Readiness,
    measured: StoreCommands,
    clock: Arc<dyn Clock>,
}

impl RedisStore {
    /// Connects, and waits for it at most as long as for a command. Redis may be away now and come later: the pool goes
    /// on trying for as long as the process lives.
    ///
    /// # Errors
    ///
    /// Where the settings contradict themselves.
    pub async fn connect(settings: &RedisSettings, clock: Arc<dyn Clock>) -> Result<Self, fred::error::Error> {
        let events = SessionEvents::default();
        let builder = connection::builder(settings);
        let subscriber = builder.build_subscriber_client()?;
        let reconnect = Reconnect::new(subscriber.clone(), EVENTS, settings.clone());
        let hearing = events::listen(&subscriber, events.clone(), reconnect.silent());
        tokio::spawn(reconnect.run());
        let commands = commands(&builder, settings).await?;
        Ok(Self {
            records: Records::new(commands.clone()),
            commands,
            subscriber,
            events,
            hearing,
            readiness: readiness::Readiness::default(),
            measured: StoreCommands::new(&NoopRecorder),
            clock,
        })
    }

    /// The same, and `recorder` counts and times the commands of this store and of its clones
    /// ([`metrics`](crate::metrics)). An application's own commands are not counted.
    #[must_use]
    pub fn with_recorder(self, recorder: &dyn Recorder) -> Self {
        Self {
            measured: StoreCommands::new(recorder),
            ..self
        }
    }

    /// The connections, for an application's own data beside the sessions.
    #[must_use]
    pub fn commands(&self) -> &Commands {
        &self.commands
    }

    /// Closes the connections, commands under way first.
    pub async fn close(&self) {
        let closed = [self.commands.quit().await, self.subscriber.quit().await];
        for error in closed.into_iter().filter_map(Result::err) {
            tracing::debug!(%error, "closing the connections to Redis");
        }
    }
}

/// A pool for commands.
async fn commands(builder: &Builder, settings: &RedisSettings) -> Result<Commands, fred::error::Error> {
    let pool = builder.build_pool(settings.connections)?;
    for client in pool.clients() {
        tokio::spawn(Reconnect::new(client.clone(), COMMANDS, settings.clone()).run());
    }
    if tokio::time::timeout(settings.timeout, pool.wait_for_connect())
        .await
        .is_err()
    {
        tracing::warn!(code = "session_store_unavailable", "Redis is away; going on without it");
    }
    // A command that waits for Redis to come back would be run then, long after its request
    // was answered with 503: a login would be used up by an answer that nobody got.
    Ok(pool.with_options(&Options {
        fail_fast: true,
        ..Options::default()
    }))
}

/// The store error that a failed command is.
#[must_use]
pub fn away(error: &fred::error::Error) -> StoreError {
    StoreError::Away(session_store::Error::Backend(error.to_string()))
}
