//! The connections to Redis: their bounds, and how they come back.

use super::line::Line;
use super::news::{Audience, Hearing};
use super::{Commands, RedisSettings};
use fred::clients::{Client, Pool, SubscriberClient};
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike, EventInterface};
use fred::types::config::{ConnectionConfig, Options, PerformanceConfig, ReconnectPolicy, TcpConfig};
use fred::types::{Builder, ConnectHandle, RespVersion};
use socket2::TcpKeepalive;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// As many changes may wait to be taken note of.
const CHANGES: usize = 1_000;

/// The longest time between two attempts to connect, in milliseconds.
const LONGEST: u32 = 250;

/// Attempts that fail for the same reason are told of so often.
const TOLD: Duration = Duration::from_secs(1);

/// What connections are for, in the words of the log.
const COMMANDS: &str = "commands";
const NEWS: &str = "news";
const COPY: &str = "copy";

/// When the system itself asks an idle connection whether it lives, and how often from then on. What is asked of Redis is
/// asked more often; this is for what is asked nothing.
const IDLE: Duration = Duration::from_secs(10);

/// A pool for commands, one connection that hears the news of sessions, and whether it does. Redis may be away now and
/// come later: both go on trying for as long as the process lives.
pub(super) async fn connect(
    settings: &RedisSettings,
    audience: Audience,
) -> Result<(Commands, SubscriberClient, Hearing), Error> {
    let builder = builder(settings);
    let pool: Pool = builder.build_pool(settings.connections)?;
    for client in pool.clients() {
        tokio::spawn(report(client.clone(), COMMANDS));
        tokio::spawn(Line::new(client.clone(), COMMANDS, settings.clone()).stay());
    }
    let subscriber = builder.build_subscriber_client()?;
    tokio::spawn(report(subscriber.clone(), NEWS));
    let line = Line::new(subscriber.clone(), NEWS, settings.clone());
    let hearing = super::news::listen(&subscriber, audience, line.silent());
    tokio::spawn(line.stay());
    if tokio::time::timeout(settings.timeout, pool.wait_for_connect())
        .await
        .is_err()
    {
        tracing::warn!(code = "session_store_unavailable", "Redis is away; going on without it");
    }
    // A command that waits for Redis to come back would be run then, long after its request
    // was answered with 503: a login would be used up by an answer that nobody got.
    let commands = pool.with_options(&Options {
        fail_fast: true,
        ..Options::default()
    });
    Ok((commands, subscriber, hearing))
}

/// A connection that Redis tells over what has changed. It comes up in the background, and ends with its tasks.
pub(super) fn tracked(settings: &RedisSettings) -> Result<(Client, JoinSet<()>), Error> {
    let mut settings = settings.clone();
    // News comes between the answers: the older protocol has no room for it.
    settings.config.version = RespVersion::RESP3;
    let mut builder = builder(&settings);
    builder.with_performance_config(|performance: &mut PerformanceConfig| {
        // What is not kept up with makes the copy forget everything.
        performance.broadcast_channel_capacity = CHANGES;
    });
    let client = builder.build()?;
    let mut tasks = JoinSet::new();
    tasks.spawn(report(client.clone(), COPY));
    tasks.spawn(Line::new(client.clone(), COPY, settings).stay());
    Ok((client, tasks))
}

/// One connection, tried once.
pub(super) async fn once(settings: &RedisSettings) -> Result<Client, Error> {
    let mut builder = builder(settings);
    builder.with_config(|config| config.fail_fast = true);
    let client = builder.build()?;
    let connecting = tokio::time::timeout(settings.timeout * 2, client.init()).await;
    connecting.map_err(|_| Error::new(ErrorKind::Timeout, "no connection in time"))??;
    Ok(client)
}

fn builder(settings: &RedisSettings) -> Builder {
    let timeout = settings.timeout;
    let mut config = settings.config.clone();
    // fred's default: a client whose first attempt to connect fails never makes a second one.
    config.fail_fast = false;
    // A command may have run when its connection broke, so it is not sent a second time. In a
    // cluster fred counts the way to the slot's new owner as a second time.
    let attempts = if config.server.is_clustered() { 2 } else { 1 };
    // The first delay is short, because fred holds itself for connected until it is over. So is the longest: sentinels
    // need about a second to name a new primary, and whoever waits for them should not sleep through it.
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

/// Says why there is no connection: otherwise a wrong password looks like a Redis that is away.
async fn report(client: impl EventInterface, purpose: &'static str) {
    let mut errors = client.error_rx();
    let mut told: Option<(Error, Instant)> = None;
    while let Ok((error, _)) = errors.recv().await {
        if told
            .as_ref()
            .is_none_or(|(before, at)| *before != error || at.elapsed() >= TOLD)
        {
            tracing::warn!(code = "session_store_connection", purpose, %error, "a connection to Redis failed");
            told = Some((error, Instant::now()));
        }
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

    /// Ends it at once. Whoever waits for an answer over it gets an error.
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
