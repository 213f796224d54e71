//! Keeps a client connected, and replaces a connection that does not answer.
//!
//! A network can swallow a connection without a word to either end. fred counts only the time since the last write, so
//! under traffic it waits on such a connection for ever. Here each connection is asked for a sign of life, with traffic
//! and without. A connection that gives none in time is replaced, and the commands that wait on it fail at once: none is
//! sent a second time.

use super::RedisSettings;
use super::connection::{self, Connection};
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike, ClusterInterface, EventInterface};
use fred::types::config::{Options, Server};
use fred::types::{ClientState, Value};
use futures::future::join_all;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval_at};

/// A client that fred has given up is connected anew after this.
const ANEW: Duration = Duration::from_millis(100);

/// The longest time between two questions.
const EVERY: Duration = Duration::from_secs(1);

/// Attempts that fail for the same reason are logged so often.
const LOGGED: Duration = Duration::from_secs(1);

/// How often a connection is asked for a sign of life. It has as long to answer as any command has.
fn every(timeout: Duration) -> Duration {
    (timeout / 2).clamp(Duration::from_millis(100), EVERY)
}

/// The errors of a client's connections, with the server where there was a connection.
type Errors = tokio::sync::broadcast::Receiver<(Error, Option<Server>)>;

/// Keeps a client connected.
pub(super) struct Reconnect<C> {
    client: C,
    /// Its purpose, in the words of the log.
    purpose: &'static str,
    settings: RedisSettings,
    silent: Arc<Notify>,
    away_since: Option<Instant>,
}

/// Why a connection is made anew.
enum End {
    /// fred tries no more.
    GivenUp(Error),
    /// The other end, or the network, has said that it is over.
    Broken,
    /// There was no answer in time.
    Silent(Option<Server>),
}

/// The answer of a client's nodes to a sign of life.
enum Said {
    Alive,
    /// There is no connection at this moment, and fred tries to make one.
    Away,
    Silent {
        node: Option<Server>,
        all: bool,
    },
}

impl<C> Reconnect<C>
where
    C: ClientLike + ClusterInterface + EventInterface,
{
    pub(super) fn new(client: C, purpose: &'static str, settings: RedisSettings) -> Self {
        Self {
            client,
            purpose,
            settings,
            silent: Arc::default(),
            away_since: None,
        }
    }

    /// Notifies whenever a connection is given up because it was silent. fred tells nobody of that.
    pub(super) fn silent(&self) -> Arc<Notify> {
        self.silent.clone()
    }

    /// Connects, and again whenever the connection is over, until the client quits. Logs why there is no connection.
    pub(super) async fn run(self) {
        let errors = self.client.error_rx();
        tokio::select! {
            () = log(errors, self.purpose) => {}
            () = self.stay_connected() => {}
        }
    }

    async fn stay_connected(mut self) {
        loop {
            let errors = self.client.error_rx();
            let mut connection = Connection::of(&self.client);
            let clustered = self.settings.config.server.is_clustered();
            let end = tokio::select! {
                ended = connection.ended() => match ended {
                    Some(error) => End::GivenUp(error),
                    None => return,
                },
                // Commands queued meanwhile would wait for the next connection, long after its request was answered. In a
                // cluster this would forget where the other nodes are, so there fred goes on by itself.
                () = broken(errors), if !clustered => End::Broken,
                node = self.falls_silent() => End::Silent(node),
            };
            connection.cut().await;
            if self.client.state() == ClientState::Disconnecting {
                return;
            }
            // fred learns nothing of a task that was stopped, and would go on queueing commands.
            self.client
                .inner()
                .cas_client_state(ClientState::Connected, ClientState::Disconnected);
            self.away_since.get_or_insert_with(Instant::now);
            self.tell(end).await;
        }
    }

    async fn tell(&self, end: End) {
        let purpose = self.purpose;
        match end {
            // `log` names the reason.
            End::Broken => {}
            End::Silent(node) => {
                let node = node.as_ref().map(ToString::to_string);
                tracing::warn!(
                    code = "session_store_silent",
                    purpose,
                    node,
                    "a connection to Redis does not answer; connecting anew"
                );
                self.silent.notify_one();
            }
            End::GivenUp(error) => {
                tracing::warn!(code = "session_store_reconnect", purpose, %error, "the connection to Redis ended; connecting anew");
                tokio::time::sleep(ANEW).await;
            }
        }
    }

    /// Resolves when a connection does not answer and a new one may do better.
    async fn falls_silent(&mut self) -> Option<Server> {
        let every = every(self.settings.timeout);
        let mut ticks = interval_at(tokio::time::Instant::now() + every, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let is_away = self.away_since.is_some();
            tokio::select! {
                _ = ticks.tick() => {}
                _ = self.client.wait_for_connect(), if is_away => {}
            }
            match self.ask().await {
                Said::Alive => self.is_back(),
                Said::Away => {
                    self.away_since.get_or_insert_with(Instant::now);
                }
                Said::Silent { node, all } => {
                    // The connections to the other nodes of a cluster work, and would go too. While the silent node cannot
                    // be reached anew either, nothing would be won by that.
                    if all || self.is_whole_anew().await {
                        return node;
                    }
                }
            }
        }
    }

    fn is_back(&mut self) {
        if let Some(since) = self.away_since.take() {
            tracing::info!(
                code = "session_store_back",
                purpose = self.purpose,
                seconds = since.elapsed().as_secs_f32(),
                "a connection to Redis is back"
            );
        }
    }

    /// Asks every node that this client is connected to.
    async fn ask(&self) -> Said {
        if !self.client.is_connected() {
            return Said::Away;
        }
        let answers = join_all(self.nodes().into_iter().map(|node| self.ping(node))).await;
        let nodes = answers.len();
        let mut silent: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
        // A break in between ends every question.
        if !self.client.is_connected() {
            return Said::Away;
        }
        let all = silent.len() == nodes;
        match silent.pop() {
            Some(node) => Said::Silent { node, all },
            None => Said::Alive,
        }
    }

    fn nodes(&self) -> Vec<Option<Server>> {
        let routing = self.client.cached_cluster_state();
        let nodes = routing.map(|routing| routing.unique_primary_nodes());
        match nodes {
            Some(nodes) if !nodes.is_empty() => nodes.into_iter().map(Some).collect(),
            _ => vec![None],
        }
    }

    /// The error is the node that does not answer. A node that answers with an error does answer.
    async fn ping(&self, node: Option<Server>) -> Result<(), Option<Server>> {
        let options = Options {
            fail_fast: true,
            timeout: Some(self.settings.timeout),
            cluster_node: node.clone(),
            ..Options::default()
        };
        match self.client.with_options(&options).ping::<Value>(None).await {
            Err(error) if *error.kind() == ErrorKind::Timeout => Err(node),
            _ => Ok(()),
        }
    }

    async fn is_whole_anew(&self) -> bool {
        match connection::once(&self.settings).await {
            Ok(client) => {
                // It has served its purpose, so its answer does not matter.
                let _ = client.quit().await;
                true
            }
            Err(error) => {
                tracing::warn!(
                    code = "session_store_silent",
                    purpose = self.purpose,
                    %error,
                    "a node of the Redis cluster does not answer, and cannot be reached anew"
                );
                false
            }
        }
    }
}

/// Resolves when a connection that there was has broken. Attempts that fail name no server.
async fn broken(mut errors: Errors) {
    loop {
        match errors.recv().await {
            Ok((_, Some(_))) => return,
            Ok((_, None)) | Err(RecvError::Lagged(_)) => {}
            // The client quits.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Says why there is no connection: otherwise a wrong password looks like a Redis that is away.
async fn log(mut errors: Errors, purpose: &'static str) {
    let mut logged: Option<(Error, Instant)> = None;
    loop {
        let error = match errors.recv().await {
            Ok((error, _)) => error,
            Err(RecvError::Lagged(_)) => continue,
            // The client quits.
            Err(RecvError::Closed) => std::future::pending().await,
        };
        if logged
            .as_ref()
            .is_none_or(|(before, at)| *before != error || at.elapsed() >= LOGGED)
        {
            tracing::warn!(code = "session_store_connection", purpose, %error, "a connection to Redis failed");
            logged = Some((error, Instant::now()));
        }
    }
}
