//! Sessions in this process's memory: for development and tests, said outright as `memory:`.
//!
//! tower-sessions' own memory store saves what was deleted and never frees anything, so it would
//! hide the very races that the Redis store is tested for. This one keeps the contract.

use super::{Store, StoreError};
use crate::clock::Clock;
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};

/// Freeing is due when this many entries have come since the last time.
const SWEEP: usize = 1024;

#[derive(Debug, Default)]
struct Content {
    records: HashMap<Id, Record>,
    spent: HashMap<Id, OffsetDateTime>,
    since_sweep: usize,
}

/// A store in memory. Its content is gone with the process, and no other replica sees it.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    content: Arc<Mutex<Content>>,
    clock: Arc<dyn Clock>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            content: Arc::default(),
            clock,
        }
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        let now = self.clock.now();
        // Each method leaves the maps whole, so a panic elsewhere does not spoil them.
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.since_sweep += 1;
        if content.since_sweep >= SWEEP {
            content.since_sweep = 0;
            content.records.retain(|_, record| record.expiry_date > now);
            content.spent.retain(|_, until| *until > now);
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
    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let before = self.content().spent.insert(*place, until);
        Ok(before.is_none_or(|earlier| earlier <= now))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
