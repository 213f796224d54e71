//! One node of Redis, over a connection on which it announces changes.

use super::copies::Copies;
use crate::store::RedisSettings;
use crate::store::redis::connection;
use crate::store::redis::reconnect::Reconnect;
use fred::clients::{Client, WithOptions};
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike, EventInterface, KeysInterface, TrackingInterface};
use fred::types::cluster::ClusterRouting;
use fred::types::config::{Options, PerformanceConfig, Server, ServerConfig};
use fred::types::{ClusterHash, CustomCommand, FromValue, Key, RespVersion, Value};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};
use tower_sessions_redis_store::RedisStore as Records;

/// The purpose of the connection, in the words of the log.
const COPY: &str = "copy";

/// As many changes may wait to be taken note of.
const CHANGES: usize = 1_000;

/// How long an answer may take.
pub(super) const ANSWER: Duration = Duration::from_millis(600);

#[derive(Debug)]
pub(super) struct Node {
    /// In a cluster.
    server: Option<Server>,
    client: Client,
    commands: WithOptions<Client>,
    records: Records<WithOptions<Client>>,
    _tasks: JoinSet<()>,
}

/// A node's answer to the question whether it announces changes.
#[derive(Debug)]
pub(super) struct Word {
    /// It does, and a record that is kept is there.
    pub(super) is_good: bool,
    /// In a cluster: the owners of the slots, as far as this node knows.
    pub(super) owners: Option<ClusterRouting>,
}

impl Node {
    /// The one Redis that the settings name, or the one that its sentinels name. It comes up in the background.
    pub(super) fn connect(settings: &RedisSettings, copies: Arc<Copies>) -> Result<Self, Error> {
        Self::start(settings, None, copies)
    }

    /// A node of a cluster, by its address. fred's own way through a cluster is not taken: it follows a slot that moves
    /// over connections on which nobody has asked for news.
    pub(super) fn join(settings: &RedisSettings, server: Server, copies: Arc<Copies>) -> Result<Self, Error> {
        let mut settings = settings.clone();
        settings.config.server = ServerConfig::Centralized { server: server.clone() };
        Self::start(&settings, Some(server), copies)
    }

    fn start(settings: &RedisSettings, server: Option<Server>, copies: Arc<Copies>) -> Result<Self, Error> {
        let (client, mut tasks) = tracked(settings)?;
        tasks.spawn(listen(client.clone(), copies));
        let commands = client.with_options(&Options {
            fail_fast: true,
            timeout: Some(ANSWER.min(settings.timeout)),
            ..Options::default()
        });
        Ok(Self {
            server,
            client,
            records: Records::new(commands.clone()),
            commands,
            _tasks: tasks,
        })
    }

    pub(super) fn is(&self, server: &Server) -> bool {
        self.server.as_ref() == Some(server)
    }

    /// Waits until it is connected.
    pub(super) async fn connected(&self) {
        // Where it cannot be, its silence says so in the next round.
        let _ = self.client.wait_for_connect().await;
    }

    /// Reads a record. A record of another node is an error.
    pub(super) async fn read(&self, place: &Id) -> session_store::Result<Option<Record>> {
        self.records.load(place).await
    }

    /// Asks whether this connection is tracked, and whether a record that is kept is there: where Redis was emptied, none
    /// of them is.
    pub(super) async fn ask(&self, kept: Option<Id>) -> Result<Word, Error> {
        let (is_tracked, owners, is_there) = tokio::try_join!(self.is_tracked(), self.owners(), self.is_there(kept))?;
        Ok(Word {
            is_good: is_tracked && is_there,
            owners,
        })
    }

    async fn is_tracked(&self) -> Result<bool, Error> {
        let info: HashMap<String, Value> = self.command("CLIENT", "TRACKINGINFO").await?;
        let flags = info.get("flags").cloned().unwrap_or(Value::Null);
        Ok(flags.convert::<Vec<String>>()?.iter().any(|flag| flag == "on"))
    }

    async fn owners(&self) -> Result<Option<ClusterRouting>, Error> {
        let Some(server) = &self.server else { return Ok(None) };
        let slots = self.command::<Value>("CLUSTER", "SLOTS").await?;
        ClusterRouting::from_cluster_slots(slots, server.host.clone()).map(Some)
    }

    async fn is_there(&self, kept: Option<Id>) -> Result<bool, Error> {
        let Some(place) = kept else { return Ok(true) };
        match self.commands.exists::<i64, _>(place.to_string()).await {
            Ok(found) => Ok(found > 0),
            // Its slot is on the way to another node.
            Err(error) if *error.kind() == ErrorKind::Cluster => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn command<T: FromValue>(&self, command: &'static str, word: &'static str) -> Result<T, Error> {
        let command = CustomCommand::new_static(command, ClusterHash::Random, false);
        self.commands.custom(command, vec![word]).await
    }

    /// Makes Redis tell this connection of changes from now on, to records that are read over it.
    pub(super) async fn track(&self) -> Result<(), Error> {
        self.client.start_tracking((), false, false, false, false).await
    }

    pub(super) async fn close(&self) -> Result<(), Error> {
        self.client.quit().await
    }
}

/// A connection over which Redis announces changes. It comes up in the background, and ends with its tasks.
fn tracked(settings: &RedisSettings) -> Result<(Client, JoinSet<()>), Error> {
    let mut settings = settings.clone();
    // News comes between the answers, which the older protocol does not allow.
    settings.config.version = RespVersion::RESP3;
    let mut builder = connection::builder(&settings);
    builder.with_performance_config(|performance: &mut PerformanceConfig| {
        // A reader that falls behind makes the copy forget everything.
        performance.broadcast_channel_capacity = CHANGES;
    });
    let client = builder.build()?;
    let mut tasks = JoinSet::new();
    tasks.spawn(Reconnect::new(client.clone(), COPY, settings).run());
    Ok((client, tasks))
}

/// Hears of changes, and of the connection's end.
async fn listen(client: Client, copies: Arc<Copies>) {
    let mut changes = client.invalidation_rx();
    let mut errors = client.error_rx();
    let mut reconnected = client.reconnect_rx();
    loop {
        let is_closed = tokio::select! {
            news = changes.recv() => match news {
                // No keys: Redis has lost track of them all. fred 10.1 does not pass it on.
                Ok(news) if news.keys.is_empty() => { copies.forget_all(); false }
                Ok(news) => { news.keys.iter().filter_map(place).for_each(|place| copies.forget(&place)); false }
                Err(RecvError::Lagged(_)) => { copies.forget_all(); false }
                Err(RecvError::Closed) => true,
            },
            error = errors.recv() => { copies.forget_all(); matches!(error, Err(RecvError::Closed)) }
            server = reconnected.recv() => { copies.forget_all(); matches!(server, Err(RecvError::Closed)) }
        };
        if is_closed {
            copies.forget_all();
            return;
        }
    }
}

fn place(key: &Key) -> Option<Id> {
    key.as_str()?.parse().ok()
}
