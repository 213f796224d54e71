//! A copy of the session records in this process's memory, which Redis says the end of (`BFF_SESSION_LOCAL_COPY`).
//!
//! One connection of its own reads the records, and Redis remembers which (`CLIENT TRACKING`, RESP3): it sends news when
//! one of them changes, over that same connection. So the copy is as good as the connection, and three things hold:
//!
//! - A reading is announced before it is made, and news in between voids it: what is kept is never older than the last
//!   news of it.
//! - The copy counts only while it is proven that news would arrive. Several times a second Redis is asked whether this
//!   connection is tracked; the answer is good for less than a second from when it was asked for. A Redis that is
//!   away, frozen or cut off is so noticed, and the store is asked again, which says 503 (SES-07).
//! - A connection that breaks, and news that could not all be kept up with, forget everything.
//!
//! What this replica changes itself it forgets at once. The limits of a session are checked by the clock, copy or not.

mod copies;

use super::connection;
use crate::session::store::{Found, Open, RedisSettings};
use copies::Copies;
use fred::clients::{Client, WithOptions};
use fred::interfaces::{ClientLike, EventInterface, TrackingInterface};
use fred::types::config::Options;
use fred::types::{ClusterHash, CustomCommand, Key, Value};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;
use tower_sessions::session::Id;
use tower_sessions::{SessionStore, session_store};
use tower_sessions_redis_store::RedisStore as Records;

/// How often Redis is asked whether it still tells of changes.
const EVERY: Duration = Duration::from_millis(250);

/// How long its answer may take, and how long it is good for, both from when it was asked.
const ANSWER: Duration = Duration::from_millis(600);
const GOOD_FOR: Duration = Duration::from_millis(900);

const _: () = assert!(GOOD_FOR.as_millis() < 1000);

/// Clones share one copy.
#[derive(Clone, Debug)]
pub(super) struct LocalCopy {
    client: Client,
    records: Records<WithOptions<Client>>,
    copies: Arc<Copies>,
}

impl LocalCopy {
    /// Connects, in the background and for as long as the process lives.
    pub(super) fn connect(settings: &RedisSettings) -> Result<Self, fred::error::Error> {
        let client = connection::tracked(settings)?;
        let copies = Arc::new(Copies::default());
        tokio::spawn(listen(client.clone(), copies.clone()));
        tokio::spawn(prove(client.clone(), copies.clone()));
        let records = Records::new(client.with_options(&Options {
            fail_fast: true,
            ..Options::default()
        }));
        Ok(Self {
            client,
            records,
            copies,
        })
    }

    /// The copy of a record, or what Redis has. None where there is no connection that tells of changes.
    pub(super) async fn read(&self, place: &Id, open: Open<'_>) -> Option<session_store::Result<Found>> {
        if let Some(live) = self.copies.get(place, Instant::now()) {
            return Some(Ok(Found::Live(live)));
        }
        let ticket = self.copies.announce(*place, Instant::now())?;
        let read = self.records.load(place).await;
        let found = read.map(|record| Found::open(record, place, open));
        match &found {
            Ok(Found::Live(live)) => self.copies.keep(*place, ticket, live, Instant::now()),
            _ => self.copies.forget(place),
        }
        Some(found)
    }

    /// This replica has changed the record, or tried to.
    pub(super) fn forget(&self, place: &Id) {
        self.copies.forget(place);
    }

    /// Changes may have gone unheard.
    pub(super) fn forget_all(&self) {
        self.copies.forget_all();
    }

    pub(super) async fn close(&self) -> Result<(), fred::error::Error> {
        self.copies.forget_all();
        self.client.quit().await
    }
}

/// Hears of changes, and of the connection's end.
async fn listen(client: Client, copies: Arc<Copies>) {
    let mut changes = client.invalidation_rx();
    let mut errors = client.error_rx();
    let mut reconnected = client.reconnect_rx();
    loop {
        let is_closed = tokio::select! {
            news = changes.recv() => match news {
                // No keys: Redis has lost track of them all.
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

/// Asks again and again whether this connection is tracked, and has it tracked where it is not.
async fn prove(client: Client, copies: Arc<Copies>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    // The era that began with the tracking: another one may have begun with a broken connection.
    let mut tracked = None;
    loop {
        ticks.tick().await;
        let (era, asked) = (copies.era(), Instant::now());
        match tokio::time::timeout(ANSWER, is_tracked(&client)).await {
            Ok(Ok(true)) if tracked == Some(era) => copies.trust(era, asked + GOOD_FOR),
            Ok(Ok(_)) => match tokio::time::timeout(ANSWER, track(&client)).await {
                Ok(Ok(())) => {
                    // What was read before is not told of.
                    let era = copies.forget_all();
                    copies.trust(era, Instant::now() + GOOD_FOR);
                    tracked = Some(era);
                }
                Ok(Err(error)) => {
                    tracing::warn!(code = "session_copy_unavailable", %error, "Redis does not tell of changes");
                }
                Err(_) => {}
            },
            // Trust runs out by itself.
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

async fn is_tracked(client: &Client) -> Result<bool, fred::error::Error> {
    let command = CustomCommand::new_static("CLIENT", ClusterHash::Random, false);
    let words: Vec<Value> = vec!["TRACKINGINFO".into()];
    let info: HashMap<String, Value> = client.custom(command, words).await?;
    let flags = info.get("flags").cloned().unwrap_or(Value::Null);
    Ok(flags.convert::<Vec<String>>()?.iter().any(|flag| flag == "on"))
}

async fn track(client: &Client) -> Result<(), fred::error::Error> {
    client.start_tracking((), false, false, false, false).await
}
