//! A connection to Redis, with bounds for each of its waits.

use super::RedisSettings;
use fred::clients::Client;
use fred::error::{Error, ErrorKind};
use fred::interfaces::ClientLike;
use fred::types::config::{ConnectionConfig, PerformanceConfig, ReconnectPolicy, TcpConfig};
use fred::types::{Builder, ConnectHandle};
use socket2::TcpKeepalive;
use std::time::Duration;

/// The longest time between two attempts to connect, in milliseconds.
const LONGEST: u32 = 250;

/// When the system itself asks an idle connection whether it lives, and how often from then on. Connections with
/// commands of ours are asked more often; this is for the others.
const IDLE: Duration = Duration::from_secs(10);

/// One connection, tried once.
pub(super) async fn once(settings: &RedisSettings) -> Result<Client, Error> {
    let mut builder = builder(settings);
    builder.with_config(|config| config.fail_fast = true);
    let client = builder.build()?;
    let connecting = tokio::time::timeout(settings.timeout * 2, client.init()).await;
    connecting.map_err(|_| Error::new(ErrorKind::Timeout, "no connection in time"))??;
    Ok(client)
}

/// A client of these settings. It goes on trying to connect for as long as the process lives.
pub(super) fn builder(settings: &RedisSettings) -> Builder {
    let timeout = settings.timeout;
    let mut config = settings.config.clone();
    // fred's default: a client whose first attempt to connect fails never makes a second one.
    config.fail_fast = false;
    // A command may have run when its connection broke, so it is not sent a second time. In a
    // cluster fred counts the way to the slot's new owner as a second time.
    let attempts = if config.server.is_clustered() { 2 } else { 1 };
    // The first delay is short, because fred takes itself for connected until the delay is over. The longest is short
    // too: sentinels need about a second to name a new primary, and a client that waits for them should not sleep
    // through it.
    let mut reconnect = ReconnectPolicy::new_exponential(0, 1, LONGEST, 2);
    reconnect.set_jitter(10);
    let mut builder = Builder::from_config(config);
    builder
        .with_performance_config(|performance: &mut PerformanceConfig| {
            performance.default_command_timeout = timeout;
        })
        .with_connection_config(|connection: &mut ConnectionConfig| {
            connection.connection_timeout = timeout;
            connection.internal_command_timeout = timeout;
            connection.max_command_attempts = attempts;
            connection.tcp.nodelay = Some(true);
            connection.max_command_buffer_len = 10_000;
            connection.tcp = tcp(timeout);
        })
        .set_policy(reconnect);
    builder
}

fn tcp(timeout: Duration) -> TcpConfig {
    TcpConfig {
        // fred's own default lets a short command wait for the acknowledgement of the one before.
        nodelay: Some(true),
        keepalive: Some(TcpKeepalive::new().with_time(IDLE).with_interval(IDLE / 2)),
        #[cfg(target_os = "linux")]
        user_timeout: Some(timeout * 2),
        ..TcpConfig::default()
    }
}

/// fred's task, which ends with the one that waits for it: by itself it would never stop trying to reach a node that has
/// left its cluster.
pub(super) struct Connection(ConnectHandle);

impl Connection {
    pub(super) fn of(client: &impl ClientLike) -> Self {
        Self(client.connect())
    }

    /// Waits for its end, and gives why fred has given up. None is an end in good order. It gives up for good with `ASK`,
    /// the answer of a cluster that is moving a slot: it asks the old owner again until its attempts are used up.
    pub(super) async fn ended(&mut self) -> Option<Error> {
        (&mut self.0).await.ok()?.err()
    }

    /// Ends it at once. Commands that wait for an answer over it fail.
    pub(super) async fn cut(mut self) {
        if !self.0.is_finished() {
            self.0.abort();
            // That it was stopped.
            let _ = (&mut self.0).await;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}
