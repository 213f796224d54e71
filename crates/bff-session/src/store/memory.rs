//! Sessions in this process's memory: for development and tests, said outright as `memory:`.
//!
//! tower-sessions' own memory store saves deleted records and never frees anything, so it would
//! hide the very races that the Redis store is tested for. This one keeps the contract.

mod index;
mod snapshot;
mod tokens;

use super::{Change, Left, Rank, Remains, SessionEvent, SessionEvents, Store, StoreError, Version};
use async_trait::async_trait;
use bff_clock::Clock;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};

/// Freeing is due when this many entries have come since the last time.
const SWEEP: usize = 1024;

/// Something that is there until a time.
#[derive(Debug, Deserialize, Serialize)]
struct Until<T>(OffsetDateTime, T);

#[derive(Debug, Default, Deserialize, Serialize)]
struct Content {
    records: HashMap<Id, Record>,
    tokens: HashMap<Id, Until<tokens::Kept>>,
    ended: HashMap<Id, Until<String>>,
    index: HashMap<Id, HashMap<Id, OffsetDateTime>>,
    retired: HashMap<Id, Until<OffsetDateTime>>,
    spent: HashMap<Id, OffsetDateTime>,
    held: HashMap<Id, Until<Id>>,
    #[serde(default)]
    lists: HashMap<Id, Until<BTreeSet<(Rank, i128)>>>,
    #[serde(skip)]
    since_sweep: usize,
}

impl Content {
    /// Frees records that have expired at `now`.
    fn sweep(&mut self, now: OffsetDateTime) {
        self.since_sweep = 0;
        self.records.retain(|_, record| record.expiry_date > now);
        self.tokens.retain(|_, Until(until, _)| *until > now);
        self.ended.retain(|_, Until(until, _)| *until > now);
        self.retired.retain(|_, Until(until, _)| *until > now);
        self.spent.retain(|_, until| *until > now);
        self.held.retain(|_, Until(until, _)| *until > now);
        self.lists.retain(|_, Until(until, _)| *until > now);
        self.index.retain(|_, members| {
            members.retain(|_, until| *until > now);
            !members.is_empty()
        });
    }
}

/// A store in memory. Its content is gone with the process, and no other replica sees it.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    content: Arc<Mutex<Content>>,
    clock: Arc<dyn Clock>,
    events: SessionEvents,
    used: Arc<Notify>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            content: Arc::default(),
            clock,
            events: SessionEvents::default(),
            used: Arc::default(),
        }
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        // Each method leaves the maps whole, so a panic elsewhere does not spoil them.
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        self.used.notify_one();
        content.since_sweep += 1;
        if content.since_sweep >= SWEEP {
            content.sweep(self.clock.now());
        }
        content
    }

    fn is_live(&self, record: &Record) -> bool {
        record.expiry_date > self.clock.now()
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let mut content = self.content();
        while content.records.get(&record.id).is_some_and(|taken| self.is_live(taken)) {
            record.id = Id::default();
        }
        content.records.insert(record.id, record.clone());
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        if let Some(kept) = self.content().records.get_mut(&record.id)
            && self.is_live(kept)
        {
            *kept = record.clone();
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let record = self.content().records.get(id).cloned();
        Ok(record.filter(|record| self.is_live(record)))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.content().records.remove(id);
        Ok(())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn replace(&self, before: &Version, after: &Record, change: Option<Change>) -> Result<bool, StoreError> {
        match self.content().records.get_mut(&before.place) {
            Some(kept) if self.is_live(kept) && Version::of(kept).as_ref() == Some(before) => *kept = after.clone(),
            _ => return Ok(false),
        }
        if let Some(change) = change {
            self.events.tell(before.place, SessionEvent::Changed(change));
        }
        Ok(true)
    }

    async fn end(&self, place: &Id, reason: &str, until: OffsetDateTime) -> Result<Option<Left>, StoreError> {
        let now = self.clock.now();
        let mut content = self.content();
        let record = content.records.remove(place);
        let tokens = content.tokens.remove(place).filter(|Until(until, _)| *until > now);
        let lived = record.is_some_and(|record| record.expiry_date > now) || tokens.is_some();
        if lived {
            content.ended.insert(*place, Until(until, reason.to_owned()));
            drop(content);
            self.events.tell(*place, SessionEvent::Ended);
        }
        Ok(lived.then(|| Left {
            tokens: tokens.map(|Until(_, kept)| kept.tokens),
        }))
    }

    async fn remains(&self, place: &Id) -> Result<Remains, StoreError> {
        let now = self.clock.now();
        let content = self.content();
        Ok(match (content.ended.get(place), content.tokens.get(place)) {
            (Some(Until(until, reason)), _) if *until > now => Remains::Ended(reason.clone()),
            (_, Some(Until(until, _))) if *until > now => Remains::Tokens,
            _ => Remains::Nothing,
        })
    }

    async fn forget_end(&self, place: &Id) -> Result<(), StoreError> {
        self.content().ended.remove(place);
        Ok(())
    }

    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let before = self.content().spent.insert(*place, until);
        Ok(before.is_none_or(|earlier| earlier <= now))
    }

    async fn is_spent(&self, place: &Id) -> Result<bool, StoreError> {
        let now = self.clock.now();
        Ok(self.content().spent.get(place).is_some_and(|until| *until > now))
    }

    async fn hold(&self, browser: &Id, session: &Id, until: OffsetDateTime) -> Result<Option<Id>, StoreError> {
        let now = self.clock.now();
        let before = self.content().held.insert(*browser, Until(until, *session));
        Ok(before
            .filter(|Until(until, _)| *until > now)
            .map(|Until(_, session)| session))
    }

    async fn readiness(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn events(&self) -> &SessionEvents {
        &self.events
    }
}
