//! Renewing a session's tokens: the session's side of it: the lease, and the new record.

use super::record;
use super::store::{Lease, RefreshFinish, RefreshStart, SealedTokens, StoreError};
use super::tokens::TokensRead;
use super::{Sessions, TokenRecord, TokenRefresh};
use crate::key_ring;
use time::Duration;

/// How long the right to refresh lasts without a sign of life.
const LEASE: Duration = Duration::seconds(10);

/// The answer to a request for the lease.
#[derive(Debug)]
pub enum RefreshTurn {
    /// It is ours: refresh now.
    Ours(Box<RefreshLease>),
    /// Another request or replica holds the lease: wait for its result.
    Busy,
    /// The tokens are others by now: read them.
    Changed,
    /// Somebody began and died over it: nobody can tell whether the refresh token was used.
    BrokenOff,
    /// The session has ended.
    Gone,
    /// The store did not answer. Nothing may be sent; and it may have written down all the same that something is, now
    /// or later. So this has to be given back ([`RefreshLease::abandon`]) until the store confirms it, or the session
    /// would end for a refresh that nobody has begun.
    Unclear(Box<RefreshLease>, StoreError),
}

/// New tokens, sealed once: so that the store recognises them when they are offered again.
#[derive(Debug)]
pub struct RefreshResult {
    /// The tokens.
    pub record: TokenRecord,
    sealed: SealedTokens,
}

/// The right to refresh one session's tokens, as long as it is renewed.
#[derive(Debug)]
pub struct RefreshLease {
    sessions: Sessions,
    before: TokensRead,
    holder: [u8; 16],
}

impl Sessions {
    /// Asks for the lease to refresh these tokens. The lease is in the store before its holder sends
    /// anything.
    pub async fn begin_refresh(&self, tokens: &TokensRead) -> RefreshTurn {
        let lease = RefreshLease {
            sessions: self.clone(),
            before: tokens.clone(),
            holder: key_ring::random(),
        };
        let start = self
            .store
            .begin_refresh(&tokens.place, &tokens.sealed, lease.as_of_now())
            .await;
        match start {
            Ok(RefreshStart::Begun) => RefreshTurn::Ours(Box::new(lease)),
            Ok(RefreshStart::Busy) => RefreshTurn::Busy,
            Ok(RefreshStart::Changed) => RefreshTurn::Changed,
            Ok(RefreshStart::BrokenOff) => RefreshTurn::BrokenOff,
            Ok(RefreshStart::Gone) => RefreshTurn::Gone,
            Err(error) => RefreshTurn::Unclear(Box::new(lease), error),
        }
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

    /// Gives a sign of life. `false`: the lease is gone, and the result will be dropped.
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

    /// The new tokens, in the form that [`RefreshLease::finish`] takes. The session's code flow tells of the refresh.
    #[must_use]
    pub fn result(&self, record: TokenRecord, refresh: TokenRefresh) -> RefreshResult {
        let (keys, place) = (&self.sessions.keys, self.before.place);
        let code_flow = record::open_code_flow(keys, place, &self.before.sealed);
        let code_flow = code_flow.map(|flow| flow.refreshed(refresh));
        let sealed = record::seal_tokens(keys, place, &record, code_flow.as_ref());
        RefreshResult { record, sealed }
    }

    /// Replaces the tokens that the refresh began with.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: offer the same result again, it is nowhere else.
    pub async fn finish(&self, result: &RefreshResult) -> Result<RefreshFinish, StoreError> {
        self.sessions
            .store
            .finish_refresh(&self.before.place, self.holder, &self.before.sealed, &result.sealed)
            .await
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
