//! The notes of people, in the store that has their sessions.
//!
//! A note is its person's, not a session's: it is there at the next sign-in, and nothing but its person, or an operator,
//! removes it. A person is issuer and subject, and finds the notes under a keyed digest of both; a note is sealed for that
//! place and for its id, so that one which was copied to somebody else does not open there.
//!
//! When a key is rotated, the place is another one. So notes are looked for under each key of the ring, and those that
//! stand under another than the first are moved when their person looks at them. A key that leaves the ring takes the notes
//! with it that have not moved by then.

mod memory;
mod of_person;
mod redis;
mod sealed;
mod store;

pub use memory::MemoryNotes;
pub(crate) use of_person::NotesOfPerson;
pub use redis::RedisNotes;
pub use sealed::{NoteId, WrittenNote};
pub use store::{Added, NoteStore};

use axum_bff::Bff;
use bff_clock::Clock;
use bff_session::Identity;
use bff_session::key_ring::{KeyRing, Purpose};
use bff_session::store::{StoreError, place};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_sessions::session::Id;

/// Why something was not done with a note.
#[derive(Debug, thiserror::Error)]
pub enum NotesError {
    /// This person has no such note.
    #[error("this person has no such note")]
    NotFound,
    /// This person has as many as there may be.
    #[error("this person has as many notes as a person may have")]
    TooMany,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The notes of all people. Clones share everything.
#[derive(Clone, Debug)]
pub struct Notes {
    store: Arc<dyn NoteStore>,
    keys: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
}

impl Notes {
    /// Notes beside the sessions of `bff`.
    #[must_use]
    pub fn beside_sessions_of(bff: &Bff) -> Self {
        let store: Arc<dyn NoteStore> = match bff.redis() {
            Some(redis) => Arc::new(RedisNotes::beside(redis)),
            None => Arc::new(MemoryNotes::default()),
        };
        Self::new(store, bff.key_ring().clone(), bff.clock().clone())
    }

    /// Notes in `store`, sealed with `keys`.
    #[must_use]
    pub fn new(store: Arc<dyn NoteStore>, keys: Arc<KeyRing>, clock: Arc<dyn Clock>) -> Self {
        Self { store, keys, clock }
    }

    /// A person's notes, the one that was written last first. Those that do not open are left out, and logged.
    ///
    /// # Errors
    ///
    /// [`NotesError::Store`].
    pub async fn of(&self, person: &Identity) -> Result<Vec<WrittenNote>, NotesError> {
        let (first, others) = self.places(person);
        let mut found = BTreeMap::new();
        // A note on the move stands in the first place before it leaves the other. So the first place is read last.
        for place in &others {
            for note in self.at(place).await? {
                self.move_to(&first, place, &note).await?;
                found.insert(note.id, note);
            }
        }
        found.extend(self.at(&first).await?.into_iter().map(|note| (note.id, note)));
        let mut notes: Vec<_> = found.into_values().collect();
        notes.sort_by_key(|note| std::cmp::Reverse(note.changed_at));
        Ok(notes)
    }

    /// Writes a note, where the person has none of this id and fewer than `at_most`. Gives the note that stands there then.
    ///
    /// # Errors
    ///
    /// [`NotesError::TooMany`], [`NotesError::Store`].
    pub async fn add(
        &self,
        person: &Identity,
        id: NoteId,
        text: String,
        at_most: usize,
    ) -> Result<WrittenNote, NotesError> {
        let (first, others) = self.places(person);
        let mut elsewhere = 0;
        for place in &others {
            let notes = self.at(place).await?;
            elsewhere += notes.len();
            if let Some(there) = notes.into_iter().find(|note| note.id == id) {
                return Ok(there);
            }
        }
        let note = self.written_now(id, text);
        let sealed = note.seal(&self.keys, &first);
        let room = at_most.saturating_sub(elsewhere);
        match self.store.add(&first, id, &sealed, room).await? {
            Added::Written => Ok(note),
            // A note that does not open belongs to nobody and makes way.
            Added::There(there) => match WrittenNote::open(&self.keys, &first, id, &there) {
                Some(there) => Ok(there),
                None => self.replace(&first, &note).await,
            },
            Added::Full => Err(NotesError::TooMany),
        }
    }

    /// Gives a note another text.
    ///
    /// # Errors
    ///
    /// [`NotesError::NotFound`], [`NotesError::Store`].
    pub async fn change(&self, person: &Identity, id: NoteId, text: String) -> Result<WrittenNote, NotesError> {
        let (first, others) = self.places(person);
        for place in &others {
            if let Some(note) = self.at(place).await?.into_iter().find(|note| note.id == id) {
                self.move_to(&first, place, &note).await?;
            }
        }
        self.replace(&first, &self.written_now(id, text)).await
    }

    /// Removes a note.
    ///
    /// # Errors
    ///
    /// [`NotesError::NotFound`], [`NotesError::Store`].
    pub async fn remove(&self, person: &Identity, id: NoteId) -> Result<(), NotesError> {
        let (first, others) = self.places(person);
        let mut was_there = false;
        for place in others.iter().chain([&first]) {
            was_there |= self.store.remove(place, id).await?;
        }
        if was_there { Ok(()) } else { Err(NotesError::NotFound) }
    }

    /// Removes all notes of a person.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: some may be left.
    pub async fn erase(&self, person: &Identity) -> Result<(), StoreError> {
        let (first, others) = self.places(person);
        for place in others.iter().chain([&first]) {
            self.store.erase(place).await?;
        }
        Ok(())
    }

    async fn replace(&self, place: &Id, note: &WrittenNote) -> Result<WrittenNote, NotesError> {
        let sealed = note.seal(&self.keys, place);
        if self.store.replace(place, note.id, &sealed).await? {
            Ok(note.clone())
        } else {
            Err(NotesError::NotFound)
        }
    }

    fn written_now(&self, id: NoteId, text: String) -> WrittenNote {
        let changed_at = self.clock.now();
        WrittenNote { id, text, changed_at }
    }

    /// The notes at a place that open.
    async fn at(&self, place: &Id) -> Result<Vec<WrittenNote>, StoreError> {
        let stored = self.store.all(place).await?;
        let opened = stored.into_iter().filter_map(|(id, sealed)| {
            let note = WrittenNote::open(&self.keys, place, id, &sealed);
            if note.is_none() {
                tracing::warn!(code = "note_unreadable", "a note does not open");
            }
            note
        });
        Ok(opened.collect())
    }

    async fn move_to(&self, first: &Id, place: &Id, note: &WrittenNote) -> Result<(), StoreError> {
        let sealed = note.seal(&self.keys, first);
        self.store.add(first, note.id, &sealed, usize::MAX).await?;
        self.store.remove(place, note.id).await?;
        Ok(())
    }

    /// Where a person's notes are written, and where else they may stand.
    fn places(&self, person: &Identity) -> (Id, Vec<Id>) {
        // Each part with its length before it, so that no two people read the same.
        let mut bytes = Vec::new();
        for part in [&person.issuer, &person.subject] {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part.as_bytes());
        }
        let mut places = self
            .keys
            .digests(Purpose::Application, &bytes)
            .map(|digest| place(&digest));
        let first = places.next().expect("a ring has a first key");
        (first, places.collect())
    }
}
