//! The contract of token records: each change names the record that it changes, and the store knows of a refresh before
//! the refresh begins.
//!
//! A refresh token may work only once. So its holder first stores a lease, renews it while the provider works, and replaces
//! exactly the record that the refresh began with. Two steps tell a dead holder from a slow one: the lease expires, and then
//! another replica announces its wish and waits for a sign of life. Without a sign of life the refresh counts as broken off,
//! because nobody can tell whether the provider has used the token.

use super::StoreError;
use crate::key_ring::KeyRing;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

/// The time in which a holder who lost the lease has to give a sign of life.
pub(super) const GRACE: Duration = Duration::seconds(5);

/// A token record as it is stored: sealed.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SealedTokens(pub Vec<u8>);

impl SealedTokens {
    /// The head of its seal, which differs from that of any other record by its nonce.
    #[must_use]
    pub fn version(&self) -> &[u8] {
        &self.0[..self.0.len().min(KeyRing::SEAL_HEAD)]
    }
}

impl std::fmt::Debug for SealedTokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SealedTokens({} bytes)", self.0.len())
    }
}

/// The right to refresh, for a while.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// The holder, as a random value.
    pub holder: [u8; 16],
    /// The time now.
    pub now: OffsetDateTime,
    /// When it runs out.
    pub until: OffsetDateTime,
}

/// The answer to a request for the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshStart {
    /// It is written down: refresh now.
    Begun,
    /// Another request or replica holds it: wait for its result.
    Busy,
    /// The record is another one by now: read it.
    Changed,
    /// Somebody began and gave no sign of life since.
    BrokenOff,
    /// There is no record any more: the session has ended.
    Gone,
}

/// The answer to storing the result of a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshFinish {
    /// It stands, since now or since it was offered before.
    Kept,
    /// The session goes on with other tokens than those that the refresh began with, or somebody else holds the right.
    /// The new tokens are of the same grant as the session's, so that revoking them would end it.
    Overtaken,
    /// The session has ended: the new tokens are nobody's.
    Gone,
}

/// A store of the sessions' tokens.
#[async_trait]
pub trait TokenStore {
    /// Writes the tokens of a new session.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer or the place is taken.
    async fn create_tokens(&self, place: &Id, tokens: &SealedTokens, until: OffsetDateTime) -> Result<(), StoreError>;

    /// The tokens of a session, if it has any.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn tokens(&self, place: &Id) -> Result<Option<SealedTokens>, StoreError>;

    /// Writes down that the refresh token of this record is about to be used.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then nothing may be sent, and a lease that was or will be stored
    /// has to be withdrawn.
    async fn begin_refresh(&self, place: &Id, tokens: &SealedTokens, lease: Lease) -> Result<RefreshStart, StoreError>;

    /// A sign of life of the holder. False: the right is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn renew_lease(&self, place: &Id, lease: Lease) -> Result<bool, StoreError>;

    /// Replaces the record that the refresh began with, and ends it; every replica hears of it in the same step
    /// ([`super::Change::Refreshed`]). To be offered again as it is, where the answer was lost: the store may have done it,
    /// or do it late.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: ask again, the new refresh token is nowhere else.
    async fn finish_refresh(
        &self,
        place: &Id,
        holder: [u8; 16],
        before: &SealedTokens,
        after: &SealedTokens,
    ) -> Result<RefreshFinish, StoreError>;

    /// Ends a refresh that came to nothing: the record stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn abandon_refresh(&self, place: &Id, holder: [u8; 16]) -> Result<(), StoreError>;
}
