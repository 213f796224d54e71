//! Token records in memory.

use super::super::tokens::GRACE;
use super::super::{Change, Lease, RefreshFinish, RefreshStart, SealedTokens, SessionEvent, StoreError, TokenStore};
use super::{MemoryStore, Until};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// A token record, and the refresh under way.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Kept {
    pub(super) tokens: SealedTokens,
    #[serde(skip)]
    refresh: Option<Refresh>,
}

#[derive(Debug)]
struct Refresh {
    holder: [u8; 16],
    until: OffsetDateTime,
    doubted_since: Option<OffsetDateTime>,
}

impl MemoryStore {
    /// The result of `change` on the token record at `place`, if there is one.
    fn with_tokens<T>(&self, place: &Id, change: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let now = self.clock.now();
        let mut content = self.content();
        let Until(until, kept) = content.tokens.get_mut(place)?;
        (*until > now).then(|| change(kept))
    }
}

#[async_trait]
impl TokenStore for MemoryStore {
    async fn create_tokens(&self, place: &Id, tokens: &SealedTokens, until: OffsetDateTime) -> Result<(), StoreError> {
        if self.with_tokens(place, |_| ()).is_some() {
            return Err(StoreError::PlaceTaken);
        }
        let kept = Kept {
            tokens: tokens.clone(),
            refresh: None,
        };
        self.content().tokens.insert(*place, Until(until, kept));
        Ok(())
    }

    async fn tokens(&self, place: &Id) -> Result<Option<SealedTokens>, StoreError> {
        Ok(self.with_tokens(place, |kept| kept.tokens.clone()))
    }

    async fn begin_refresh(&self, place: &Id, tokens: &SealedTokens, lease: Lease) -> Result<RefreshStart, StoreError> {
        let begin = |kept: &mut Kept| {
            if kept.tokens.version() != tokens.version() {
                return RefreshStart::Changed;
            }
            let Some(refresh) = &mut kept.refresh else {
                kept.refresh = Some(Refresh {
                    holder: lease.holder,
                    until: lease.until,
                    doubted_since: None,
                });
                return RefreshStart::Begun;
            };
            if refresh.until > lease.now {
                return RefreshStart::Busy;
            }
            let doubted_since = *refresh.doubted_since.get_or_insert(lease.now);
            if lease.now - doubted_since < GRACE {
                RefreshStart::Busy
            } else {
                RefreshStart::BrokenOff
            }
        };
        Ok(self.with_tokens(place, begin).unwrap_or(RefreshStart::Gone))
    }

    async fn renew_lease(&self, place: &Id, lease: Lease) -> Result<bool, StoreError> {
        let renew = |kept: &mut Kept| match &mut kept.refresh {
            Some(refresh) if refresh.holder == lease.holder => {
                refresh.until = lease.until;
                refresh.doubted_since = None;
                true
            }
            _ => false,
        };
        Ok(self.with_tokens(place, renew).unwrap_or(false))
    }

    async fn finish_refresh(
        &self,
        place: &Id,
        holder: [u8; 16],
        before: &SealedTokens,
        after: &SealedTokens,
    ) -> Result<RefreshFinish, StoreError> {
        let mut is_new = false;
        let finish = |kept: &mut Kept| {
            if kept.tokens.version() == after.version() {
                return RefreshFinish::Kept;
            }
            let is_holder = kept.refresh.as_ref().is_none_or(|refresh| refresh.holder == holder);
            if !is_holder || kept.tokens.version() != before.version() {
                return RefreshFinish::Overtaken;
            }
            kept.tokens = after.clone();
            kept.refresh = None;
            is_new = true;
            RefreshFinish::Kept
        };
        let finished = self.with_tokens(place, finish).unwrap_or(RefreshFinish::Gone);
        if is_new {
            self.events.tell(*place, SessionEvent::Changed(Change::Refreshed));
        }
        Ok(finished)
    }

    async fn abandon_refresh(&self, place: &Id, holder: [u8; 16]) -> Result<(), StoreError> {
        self.with_tokens(place, |kept| {
            if kept.refresh.as_ref().is_some_and(|refresh| refresh.holder == holder) {
                kept.refresh = None;
            }
        });
        Ok(())
    }
}
