//! The store of notes. The tests of this module hold both stores to the same rules.

use super::NoteId;
use async_trait::async_trait;
use bff_session::store::StoreError;
use tower_sessions::session::Id;

/// The result of adding a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It stands there.
    Written,
    /// One of this id stood there already: this one. Nothing was written.
    There(Vec<u8>),
    /// There are as many as there may be.
    Full,
}

/// A store of sealed notes, by the place of their person.
#[async_trait]
pub trait NoteStore: std::fmt::Debug + Send + Sync {
    /// All notes at a place, in no order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn all(&self, place: &Id) -> Result<Vec<(NoteId, Vec<u8>)>, StoreError>;

    /// Writes a note in one step, where none of this id stands at the place and fewer than `at_most` do.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: it may stand there all the same, and be added again.
    async fn add(&self, place: &Id, id: NoteId, sealed: &[u8], at_most: usize) -> Result<Added, StoreError>;

    /// Puts a note in the place of the one of this id, and says whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn replace(&self, place: &Id, id: NoteId, sealed: &[u8]) -> Result<bool, StoreError>;

    /// Removes a note, and says whether it was there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn remove(&self, place: &Id, id: NoteId) -> Result<bool, StoreError>;

    /// Removes all notes at a place.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn erase(&self, place: &Id) -> Result<(), StoreError>;
}
