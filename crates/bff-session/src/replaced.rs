//! Sessions that another one took the place of in the same browser.
//!
//! A login ends the session whose cookie comes with it. Logins that finish at once come with the same cookie, or with none:
//! each sets its own, the last one stays in the browser, and no browser holds the others. So for a minute it is noted which
//! session a browser has had last, and a session that finds another one there remembers that. It ends the other one once it
//! has been used for a while: until then a request may be under way that has the other's cookie.

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
        let digest = self.keys.digest(self.keys.first(), Purpose::Index, &named)?;
        Some(super::store::place(&digest))
    }

    /// Notes that a browser has this session from now on. Gives the place of another that it may have. Nobody is kept from
    /// signing in by a note that was not made.
    pub(super) async fn hold(&self, browser: Option<Id>, place: Id) -> Option<Id> {
        let until = self.clock.now() + AT_ONCE;
        match self.store.hold(&browser?, &place, until).await {
            Ok(before) => before,
            Err(error) => {
                tracing::warn!(code = error.code(), "it was not noted which session a browser has");
                None
            }
        }
    }

    /// Writes down which session this one took the place of, where that one lives.
    pub(super) async fn note_replaced(&self, place: Id, held: Option<Id>) {
        let Some(replaced) = held else { return };
        let noted = async {
            if self.read_session(replaced).await?.is_none() {
                return Ok(());
            }
            let Some(live) = self.read_session(place).await? else {
                return Ok(());
            };
            let bytes = replaced.0.to_le_bytes();
            self.update(&live, |session| session.replaces = Some(bytes)).await?;
            Ok::<(), StoreError>(())
        };
        if let Err(error) = noted.await {
            tracing::warn!(
                code = error.code(),
                "a session that no browser has ends by its limits only"
            );
        }
    }

    /// Ends the sessions that this one took the place of. Their tokens are not revoked: a provider may end with them
    /// everything that it gave this client for this person.
    pub(super) async fn end_replaced(&self, live: &LiveSession) -> Result<(), StoreError> {
        let mut next = live.replaces;
        for _ in 0..CHAIN {
            let Some(bytes) = next else { break };
            let place = Id(i128::from_le_bytes(bytes));
            let Some(replaced) = self.read_session(place).await? else {
                break;
            };
            next = replaced.replaces;
            self.end_found(place, &replaced, Ending::SignedOut).await?;
        }
        Ok(())
    }
}
