//! A copy of the session records in this process's memory, which Redis says the end of (`BFF_SESSION_LOCAL_COPY`).
//!
//! One connection of its own to each node reads the records, and Redis remembers which (`CLIENT TRACKING`, RESP3): it
//! sends news when one of them changes, over that same connection. So the copy is as good as the connections, and four
//! things hold:
//!
//! - A reading is announced before it is made, and news in between voids it: a kept record is never older than the last
//!   news of it.
//! - The copy counts only while it is proven that news would arrive. Several times a second Redis is asked whether
//!   these connections are tracked; the answer is good for less than a second from when it was asked for. So the
//!   replica notices a Redis that is away, frozen or cut off, and asks the store again, which answers 503 (SES-07). A
//!   Redis that was emptied says so without naming a key, and fred does not pass that on: so the replica looks for a
//!   kept record at the same time.
//! - In a cluster the proof is that of every primary that owns slots, and all of them have to name the same owners. A
//!   node that was frozen, or cut off from the others, and has not heard that its replica took over, may still hold
//!   itself for the owner: the others do not. So from when the primaries know of a new owner, no copy from the old one
//!   counts longer than an answer is good for.
//! - A connection that breaks, owners that change, and news that could not all be kept up with, forget everything.
//!
//! The replica forgets a record at once when it changes it itself. The limits of a session are checked by the clock, copy
//! or not.

mod copies;
mod node;
mod nodes;
mod proof;

use crate::store::{Found, Open, RedisSettings};
use copies::Copies;
use nodes::Nodes;
use proof::Proof;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tower_sessions::session::Id;
use tower_sessions::session_store;

/// Clones share one copy.
#[derive(Clone, Debug)]
pub(super) struct LocalCopy {
    nodes: watch::Receiver<Nodes>,
    copies: Arc<Copies>,
    proof: AbortHandle,
}

impl LocalCopy {
    /// Connects, in the background and for as long as the process lives.
    pub(super) fn connect(settings: &RedisSettings) -> Result<Self, fred::error::Error> {
        let copies = Arc::new(Copies::default());
        let (sender, nodes) = watch::channel(Nodes::connect(settings, &copies)?);
        let proof = Proof::new(settings.clone(), copies.clone(), sender);
        let proof = tokio::spawn(proof.ask_again_and_again()).abort_handle();
        Ok(Self { nodes, copies, proof })
    }

    /// The copy of a record, or the record in Redis. `None` where there is no connection that announces changes, or
    /// where that one has no answer.
    pub(super) async fn read(&self, place: &Id, open: Open<'_>) -> Option<session_store::Result<Found>> {
        if let Some(live) = self.copies.get(place, Instant::now()) {
            return Some(Ok(Found::Live(live)));
        }
        let ticket = self.copies.announce(*place, Instant::now())?;
        // Looked for after the announcement: the nodes of another era have no use for this ticket.
        let nodes = self.nodes.borrow().clone();
        let read = nodes.of(place)?.read(place).await;
        let found = read.map(|record| Found::open(record.as_ref(), place, open));
        match &found {
            Ok(Found::Live(live)) => self.copies.keep(*place, ticket, live, Instant::now()),
            _ => self.copies.forget(place),
        }
        Some(found).filter(Result::is_ok)
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
        self.proof.abort();
        self.copies.forget_all();
        let nodes = self.nodes.borrow().clone();
        nodes.close().await
    }
}
