//! Notes in this process's memory, where the sessions are there too: gone with the process.

use super::{Added, NoteId, NoteStore};
use async_trait::async_trait;
use bff_session::store::StoreError;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tower_sessions::session::Id;

type Content = HashMap<Id, BTreeMap<NoteId, Vec<u8>>>;

/// A store in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryNotes(Arc<Mutex<Content>>);

impl MemoryNotes {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl NoteStore for MemoryNotes {
    async fn all(&self, place: &Id) -> Result<Vec<(NoteId, Vec<u8>)>, StoreError> {
        let notes = self.content().get(place).cloned().unwrap_or_default();
        Ok(notes.into_iter().collect())
    }

    async fn add(&self, place: &Id, id: NoteId, sealed: &[u8], at_most: usize) -> Result<Added, StoreError> {
        let mut content = self.content();
        let notes = content.entry(*place).or_default();
        if let Some(there) = notes.get(&id) {
            return Ok(Added::There(there.clone()));
        }
        if notes.len() >= at_most {
            return Ok(Added::Full);
        }
        notes.insert(id, sealed.to_vec());
        Ok(Added::Written)
    }

    async fn replace(&self, place: &Id, id: NoteId, sealed: &[u8]) -> Result<bool, StoreError> {
        let mut content = self.content();
        let Some(note) = content.get_mut(place).and_then(|notes| notes.get_mut(&id)) else {
            return Ok(false);
        };
        *note = sealed.to_vec();
        Ok(true)
    }

    async fn remove(&self, place: &Id, id: NoteId) -> Result<bool, StoreError> {
        let mut content = self.content();
        let Some(notes) = content.get_mut(place) else {
            return Ok(false);
        };
        let was_there = notes.remove(&id).is_some();
        if notes.is_empty() {
            content.remove(place);
        }
        Ok(was_there)
    }

    async fn erase(&self, place: &Id) -> Result<(), StoreError> {
        self.content().remove(place);
        Ok(())
    }
}
