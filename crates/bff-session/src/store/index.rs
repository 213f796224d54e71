//! The contract of the index: which sessions a person has, and which belong to a session of the provider's.
//!
//! An entry may be stale, never wrong: the record that it leads to is read and compared before it is used.

use super::StoreError;
use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// The content of a key once a session was entered there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// How many sessions there are, this one among them. Some may have ended by themselves.
    pub count: usize,
    /// The time up to which all sessions under the key have been ended, if that ever happened.
    pub retired: Option<OffsetDateTime>,
}

/// The index of a store, which finds sessions by something else than their id.
#[async_trait]
pub trait SessionIndex {
    /// Enters the session at `member` under `key` until `until`, and returns the content of the key then, the time up to
    /// which everything has been ended included ([`SessionIndex::retire`]). Both are one step: of a login and a logout in
    /// the same instant, one sees the other. Every replica hears of it ([`Change::Listed`](super::Change::Listed)).
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn enter(&self, key: &Id, member: &Id, until: OffsetDateTime) -> Result<Entered, StoreError>;

    /// The time up to which everything under `key` has been ended, if that ever happened.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn retired(&self, key: &Id) -> Result<Option<OffsetDateTime>, StoreError>;

    /// The sessions under `key`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn members(&self, key: &Id) -> Result<Vec<Id>, StoreError>;

    /// Remembers until `until` that every sign-in under `key` at `at` or earlier is over. Times are whole seconds;
    /// an earlier `at` than before changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn retire(&self, key: &Id, at: OffsetDateTime, until: OffsetDateTime) -> Result<(), StoreError>;

    /// Removes sessions from the list under `key`, in one command; no command for an empty list. Every replica hears of it
    /// where one of them was there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn leave(&self, key: &Id, members: &[Id]) -> Result<(), StoreError>;
}
