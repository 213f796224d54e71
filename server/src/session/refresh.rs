//! Renewing a session's tokens: the session's side of it. Who may, and what stands afterwards.

use super::record;
use super::store::{Lease, RefreshFinish, RefreshStart, SealedTokens, StoreError};
use super::{SessionId, Sessions, TokenRecord};
use crate::key_ring;
use time::Duration;
use tower_sessions::session::Id;

/// How long the right to refresh lasts without a sign of life.
const LEASE: Duration = Duration::seconds(10);

/// Tokens as they were read, and what they were read from.
#[derive(Clone, Debug)]
pub struct TokensRead {
    /// The tokens.
    pub record: TokenRecord,
    place: Id,
    sealed: SealedTokens,
}

impl TokensRead {
    /// Whether the record has been written anew between the two readings.
    #[must_use]
    pub fn is_other_than(&self, later: &Self) -> bool {
        self.sealed.version() != later.sealed.version()
    }
}

/// What became of the wish to refresh.
#[derive(Debug)]
pub enum RefreshTurn {
    /// It is ours: refresh now.
    Ours(Box<RefreshLease>),
    /// Somebody else does it: wait for what comes of it.
    Busy,
    /// The tokens are others by now: read them.
    Changed,
    /// Somebody began and died over it: nobody can tell whether the refresh token was used.
    BrokenOff,
    /// The session has ended.
    Gone,
}

/// The right to refresh one session's tokens, as long as it is renewed.
#[derive(Debug)]
pub struct RefreshLease {
    sessions: Sessions,
    before: TokensRead,
    holder: [u8; 16],
}

impl Sessions {
    /// The tokens of a session, if it has any.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn tokens(&self, id: &SessionId) -> Result<Option<TokensRead>, StoreError> {
        match self.place(id) {
            Some(place) => self.tokens_at(place).await,
            None => Ok(None),
        }
    }

    pub(super) async fn tokens_at(&self, place: Id) -> Result<Option<TokensRead>, StoreError> {
        let Some(sealed) = self.store.tokens(&place).await? else {
            return Ok(None);
        };
        let opened = record::open_tokens(&self.keys, place, &sealed);
        if opened.is_none() {
            tracing::warn!(code = "token_record_unreadable", "a token record does not open");
        }
        Ok(opened.map(|record| TokensRead { record, place, sealed }))
    }

    /// Asks for the right to refresh these tokens. Who gets it has it written down before he sends
    /// anything.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then nothing may be sent.
    pub async fn begin_refresh(&self, tokens: &TokensRead) -> Result<RefreshTurn, StoreError> {
        let lease = RefreshLease {
            sessions: self.clone(),
            before: tokens.clone(),
            holder: key_ring::random(),
        };
        let start = self
            .store
            .begin_refresh(&tokens.place, &tokens.sealed, lease.as_of_now())
            .await?;
        Ok(match start {
            RefreshStart::Begun => RefreshTurn::Ours(Box::new(lease)),
            RefreshStart::Busy => RefreshTurn::Busy,
            RefreshStart::Changed => RefreshTurn::Changed,
            RefreshStart::BrokenOff => RefreshTurn::BrokenOff,
            RefreshStart::Gone => RefreshTurn::Gone,
        })
    }
}

impl RefreshLease {
    /// A sign of life is due this often.
    pub const RENEWAL: Duration = Duration::seconds(3);

    /// The tokens that the refresh began with.
    #[must_use]
    pub fn before(&self) -> &TokenRecord {
        &self.before.record
    }

    /// Gives a sign of life. False: the right is gone, and what comes back will be nobody's.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn renew(&self) -> Result<bool, StoreError> {
        self.sessions
            .store
            .renew_lease(&self.before.place, self.as_of_now())
            .await
    }

    /// Replaces the tokens that the refresh began with. False: the session has ended meanwhile, or
    /// the right to refresh went to somebody else.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: ask again, the new tokens are nowhere else.
    pub async fn finish(&self, after: &TokenRecord) -> Result<bool, StoreError> {
        let place = self.before.place;
        let sealed = record::seal_tokens(&self.sessions.keys, place, after);
        let finish = self
            .sessions
            .store
            .finish_refresh(&place, self.holder, &self.before.sealed, &sealed)
            .await?;
        Ok(finish == RefreshFinish::Kept)
    }

    /// Gives the right back: nothing came of it, and the tokens stay as they are.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn abandon(&self) -> Result<(), StoreError> {
        self.sessions
            .store
            .abandon_refresh(&self.before.place, self.holder)
            .await
    }

    fn as_of_now(&self) -> Lease {
        let now = self.sessions.clock.now();
        Lease {
            holder: self.holder,
            now,
            until: now + LEASE,
        }
    }
}
