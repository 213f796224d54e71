//! A session's end: its reason, and its steps. `watch.rs` tells streams, which outlive a request, of it.

use super::store::{Remains, StoreError};
use super::{EndedSession, Ending, Known, Observation, SessionId, Sessions, UserSession};
use time::Duration;
use tower_sessions::session::Id;

/// How long it is kept why a session ended. It outlives any request that was under way.
pub(super) const REMEMBERED: Duration = Duration::DAY;

impl Sessions {
    /// Ends a session, and returns its record and tokens. `None` where there was none; ending one twice is fine.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer; the session may then live on.
    pub async fn end(&self, id: &SessionId, ending: Ending) -> Result<Option<EndedSession>, StoreError> {
        let Some(place) = self.place(id) else {
            return Ok(None);
        };
        match self.read_session(place).await? {
            Some(live) => self.end_found(place, &live, ending).await,
            // Its tokens may be there, although the record went or does not open.
            None => self.end_at(&place, None, ending).await,
        }
    }

    /// Forgets why a session ended: its person knows. A session that lives goes on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn forget_end(&self, id: &SessionId) -> Result<(), StoreError> {
        if let Known::Ended(ending) = self.load(id).await?
            && let Some(place) = self.place(id)
        {
            // A session that is over by its limits may still have its records, and these would give the reason again.
            self.end_at(&place, None, ending).await?;
            self.store.forget_end(&place).await?;
        }
        Ok(())
    }

    /// Ends the session at a place, and returns its record and tokens. `session` is the record that was read there before.
    pub(super) async fn end_at(
        &self,
        place: &Id,
        session: Option<&UserSession>,
        ending: Ending,
    ) -> Result<Option<EndedSession>, StoreError> {
        let until = self.clock.now() + REMEMBERED;
        let Some(left) = self.store.end(place, ending.word(), until).await? else {
            return Ok(None);
        };
        tracing::info!(code = "session_ended", why = ending.word(), "a session has ended");
        self.observer.tell(*place, session, Observation::Ended(ending));
        let tokens = left.tokens.and_then(|sealed| self.open_tokens(*place, &sealed));
        let identity = session.map(|session| session.identity.clone());
        Ok(Some(EndedSession { tokens, identity }))
    }

    /// The state of a session without a record.
    pub(super) async fn ending_at(&self, place: &Id) -> Result<Known, StoreError> {
        Ok(match self.store.remains(place).await? {
            Remains::Ended(reason) => Ending::from_word(&reason).map_or(Known::Nothing, Known::Ended),
            // The record goes at the idle limit, the tokens only at the absolute one.
            Remains::Tokens => {
                self.end_at(place, None, Ending::Idle).await?;
                Known::Ended(Ending::Idle)
            }
            Remains::Nothing => Known::Nothing,
        })
    }
}
