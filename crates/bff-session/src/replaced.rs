//! Sessions that another one took the place of in the same browser.
//!
//! A login ends the session whose cookie comes with it. Logins that finish at once come with the same cookie, or with none:
//! each sets its own, the one that arrives last stays in the browser, and no browser holds the others. So for a minute it is
//! noted which session a browser has had last. A session that finds another one there remembers that one, and is remembered
//! by it. The session that the browser kept ends the others, both the earlier and the later ones, once it has been used for a
//! while: until then a request may be under way that has another one's cookie, or an answer that sets it.

use super::store::StoreError;
use super::{Ending, LiveSession, Sessions};
use crate::key_ring::Purpose;
use time::Duration;
use tower_sessions::session::Id;

/// Logins that finish one after the other within so long may not have seen each other's cookie.
const AT_ONCE: Duration = Duration::MINUTE;

/// No more sessions than this end behind one.
const CHAIN: usize = 64;

impl Sessions {
    /// The name of a browser that has this secret. It tells nothing of the secret.
    #[must_use]
    pub fn browser(&self, secret: &[u8]) -> Option<Id> {
        let named = [b"browser", secret].concat();
        let digest = self.keys.digests(Purpose::Index, &named).next()?;
        Some(super::store::place(&digest))
    }

    /// Stores that a browser has this session from now on. Returns the place of another session that it may have. If
    /// the store fails, the sign-in goes on.
    pub(super) async fn hold(&self, browser: Option<Id>, place: Id) -> Option<Id> {
        let until = self.clock.now() + AT_ONCE;
        match self.store.hold(&browser?, &place, until).await {
            Ok(before) => before,
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    "the store did not record which session a browser has"
                );
                None
            }
        }
    }

    /// Stores in both sessions that the later one took the place of the earlier one, if the earlier one lives.
    pub(super) async fn note_replaced(&self, place: Id, held: Option<Id>) {
        let Some(replaced) = held else { return };
        let noted = async {
            let (earlier, later) = tokio::join!(self.read_session(replaced), self.read_session(place));
            let (Some(earlier), Some(later)) = (earlier?, later?) else {
                return Ok(());
            };
            let (one, two) = (replaced.0.to_le_bytes(), place.0.to_le_bytes());
            self.update(&later, |session| session.replaces = Some(one)).await?;
            self.update(&earlier, |session| session.replaced_by = Some(two)).await?;
            Ok::<(), StoreError>(())
        };
        if let Err(error) = noted.await {
            tracing::warn!(
                code = error.code(),
                "a session that no browser has ends by its limits only"
            );
        }
    }

    /// Ends the other sessions that began at once with this one in the same browser: a request has just come with this
    /// one's cookie. Gives the next later session where that one is too young to end: its cookie may be on its way.
    ///
    /// The tokens are not revoked: a provider may end with them everything that it gave this client for this person.
    pub(super) async fn end_left_behind(&self, live: &LiveSession) -> Result<Option<[u8; 16]>, StoreError> {
        self.end_earlier(live.replaces).await?;
        self.end_later(live.replaced_by).await
    }

    async fn end_earlier(&self, mut next: Option<[u8; 16]>) -> Result<(), StoreError> {
        for _ in 0..CHAIN {
            let Some((place, other)) = self.other(next).await? else {
                break;
            };
            next = other.replaces;
            self.end_found(place, &other, Ending::SignedOut).await?;
        }
        Ok(())
    }

    async fn end_later(&self, mut next: Option<[u8; 16]>) -> Result<Option<[u8; 16]>, StoreError> {
        for _ in 0..CHAIN {
            let Some((place, other)) = self.other(next).await? else {
                break;
            };
            if self.clock.now() - other.signed_in_at < AT_ONCE {
                return Ok(next);
            }
            // A request came with its cookie: the browser has that one now, and this request is an old one.
            if other.last_seen > other.signed_in_at {
                break;
            }
            next = other.replaced_by;
            self.end_found(place, &other, Ending::SignedOut).await?;
        }
        Ok(None)
    }

    async fn other(&self, place: Option<[u8; 16]>) -> Result<Option<(Id, LiveSession)>, StoreError> {
        let Some(bytes) = place else { return Ok(None) };
        let place = Id(i128::from_le_bytes(bytes));
        Ok(self.read_session(place).await?.map(|other| (place, other)))
    }
}
