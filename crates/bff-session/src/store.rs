//! The store of the records: Redis, or memory if the setting is `memory:`.
//!
//! The contract of session records is tower-sessions' [`SessionStore`], read strictly: `create` never overwrites. Its
//! missing operations are added here and in [`TokenStore`] and [`SessionIndex`]: every change names the record that it
//! changes ([`Store::replace`]), so that no update is lost and no late write brings back a session that was ended
//! (invariant 3); and an end is one step ([`Store::end`]), which leaves a mark and is told to every replica, as are the
//! changes that other replicas need to know ([`Change`]). One test suite (`tests/it/store_contract.rs`) holds both stores
//! to all of it.

mod events;
mod index;
mod memory;
mod redis;
mod tokens;

pub use events::{Change, Heard, Listener, SessionEvent, SessionEvents};
pub use index::{Entered, Listing, Rank, SessionIndex};
pub use memory::MemoryStore;
pub use redis::{Commands, Script, away};
pub use redis::{RedisDiagnosis, RedisSettings, RedisStore, diagnose as diagnose_redis};
pub use tokens::{Lease, RefreshFinish, RefreshStart, SealedTokens, TokenStore};

use super::LiveSession;
use crate::key_ring::KeyRing;
use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};

/// The one member of a session record: everything else is inside the seal.
pub const SEALED: &str = "s";

/// A store of sessions.
#[async_trait]
pub trait Store: SessionStore + TokenStore + SessionIndex {
    /// Reads a session record and opens it.
    ///
    /// # Errors
    ///
    /// As [`SessionStore::load`].
    async fn read(&self, place: &Id, open: Open<'_>) -> session_store::Result<Found> {
        Ok(Found::open(self.load(place).await?.as_ref(), place, open))
    }

    /// Puts `after` where `before` stands, and says whether it stood there. A record is told from another by the nonce of
    /// its seal, which is never the same twice. Where it did, every replica hears of `change` in the same step.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn replace(&self, before: &Version, after: &Record, change: Option<Change>) -> Result<bool, StoreError>;

    /// Ends a session in one step: its records go, `reason` stays until `until`, and every replica hears of it. Gives
    /// its record and tokens; `None` where there was nothing to end, and then nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: the session may then live on.
    async fn end(&self, place: &Id, reason: &str, until: OffsetDateTime) -> Result<Option<Left>, StoreError>;

    /// The remains at a place without a session record.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn remains(&self, place: &Id) -> Result<Remains, StoreError>;

    /// Forgets why a session ended. A live session there stays.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn forget_end(&self, place: &Id) -> Result<(), StoreError>;

    /// Marks a place as used until then. Says whether nobody had marked it before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError>;

    /// Whether a place is marked as used.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn is_spent(&self, place: &Id) -> Result<bool, StoreError>;

    /// Notes until then which session a browser has, and gives the one that it had by the note before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn hold(&self, browser: &Id, session: &Id, until: OffsetDateTime) -> Result<Option<Id>, StoreError>;

    /// Whether a session could be begun and ended now: the store answers, has free memory, takes writes, and gives us
    /// the rights. It writes nothing and may give an answer that is up to a second old, so that strangers may ask for
    /// it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where a session could not.
    async fn readiness(&self) -> Result<(), StoreError>;

    /// The events of sessions, from every replica.
    fn events(&self) -> &SessionEvents;

    /// Whether this replica hears of ends of sessions on the others at this moment, and may tell them of its own. A store
    /// without other replicas has nothing to miss.
    fn hears(&self) -> bool {
        true
    }
}

/// Opens the seal of the record at a place: None where no key of the ring has sealed it for that place.
pub type Open<'a> = &'a (dyn Fn(&Id, &str) -> Option<LiveSession> + Sync);

/// The seal of a record, in base64. None for a record without one.
pub(super) fn seal_of(record: &Record) -> Option<&str> {
    record.data.get(SEALED)?.as_str()
}

/// The content of a session's place.
#[derive(Clone, Debug)]
pub enum Found {
    /// A session.
    Live(LiveSession),
    /// Bytes that no key of the ring has sealed for this place.
    Unreadable,
    /// Nothing.
    Absent,
}

impl Found {
    /// The place is the requested one. The place that the record names does not count.
    fn open(record: Option<&Record>, place: &Id, open: Open<'_>) -> Self {
        match record.map(seal_of) {
            None => Self::Absent,
            Some(seal) => seal
                .and_then(|seal| open(place, seal))
                .map_or(Self::Unreadable, Self::Live),
        }
    }
}

/// The record and tokens of a session that was ended just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its tokens, if it had any.
    pub tokens: Option<SealedTokens>,
}

/// The remains of a session without a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remains {
    /// It was ended; the text is the one given to [`Store::end`].
    Ended(String),
    /// Its tokens stand there yet: the session record went by itself, for lack of requests.
    Tokens,
    /// Nothing: there never was one, or it is long over.
    Nothing,
}

/// The store did not carry out a command.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, or not in time.
    #[error("the session store does not answer")]
    Away(#[source] session_store::Error),
    /// The place for a new record is taken: the random source repeats itself.
    #[error("the store already has a session in the place of a new one")]
    PlaceTaken,
    /// The record changes faster than a change can be made on it.
    #[error("a session's record changes again and again")]
    Contended,
}

impl StoreError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Away(_) => "session_store_unavailable",
            Self::PlaceTaken => "session_place_taken",
            Self::Contended => "session_contended",
        }
    }
}

impl From<session_store::Error> for StoreError {
    fn from(error: session_store::Error) -> Self {
        Self::Away(error)
    }
}

/// The place of a record: the first 128 bits of the digest of its owner.
#[must_use]
pub fn place(digest: &[u8; 32]) -> Id {
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    Id(i128::from_le_bytes(first))
}

/// The version of a record that was read, so that a change can name the record that it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Where.
    pub place: Id,
    head: Box<str>,
}

/// As many characters of base64 hold the head of a seal, its nonce included.
const HEAD: usize = (KeyRing::SEAL_HEAD * 4).div_ceil(3);

impl Version {
    /// The version of a record. None for a record without a seal.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        Some(Self::of_seal(record.id, seal_of(record)?))
    }

    pub(super) fn of_seal(place: Id, seal: &str) -> Self {
        Self {
            place,
            head: seal.get(..HEAD).unwrap_or(seal).into(),
        }
    }

    /// The head of its seal, which differs from that of any other record.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }
}
