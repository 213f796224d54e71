//! Where records are kept: Redis, or memory when that is said outright.
//!
//! The contract is tower-sessions' [`SessionStore`], read strictly: `create` never overwrites,
//! and `save` changes only what exists, so that a late write cannot bring back a session that was
//! ended (invariant 3). One test suite
//! (`tests/it/store_contract.rs`) holds both stores to it.

mod memory;
mod redis;

pub use memory::MemoryStore;
pub use redis::{RedisSettings, RedisStore};

use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::{SessionStore, session::Id, session_store};

/// What sessions need of a store.
#[async_trait]
pub trait Store: SessionStore {
    /// Marks a place as used until then. Says whether nobody had marked it before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError>;

    /// Asks the store for a sign of life, within a bound.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it gives none.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// The store did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, or not in time.
    #[error("the session store does not answer")]
    Away(#[source] session_store::Error),
    /// The place for a new record is taken: the random source repeats itself.
    #[error("a new session's place in the store is taken")]
    PlaceTaken,
}

impl StoreError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Away(_) => "session_store_unavailable",
            Self::PlaceTaken => "session_place_taken",
        }
    }
}

impl From<session_store::Error> for StoreError {
    fn from(error: session_store::Error) -> Self {
        Self::Away(error)
    }
}

/// The place of a record: the first 128 bits of the digest of what it belongs to.
pub(super) fn place(digest: &[u8; 32]) -> Id {
    let (first, _) = digest.split_first_chunk().expect("32 bytes have 16 first ones");
    Id(i128::from_le_bytes(*first))
}
