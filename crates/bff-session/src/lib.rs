#![doc = include_str!("../README.md")]

mod amend;
mod code_flow;
mod ending;
mod establish;
mod id;
mod index;
pub mod key_ring;
mod lifetime;
mod listing;
pub mod metrics;
mod observer;
mod of_person;
mod record;
mod refresh;
mod replaced;
pub mod store;
mod tokens;
mod watch;

/// Why a session ended: the words are those that pages know.
pub use bff_contract::session::EndReason as Ending;
pub use code_flow::{CodeFlow, IdTokenOfRefresh, TokenRefresh};
pub use establish::{EstablishError, NewSession};
pub use id::SessionId;
pub use index::{IndexKey, Scope};
pub use lifetime::Lifetime;
pub use listing::{Cursor, ListedSessions};
pub use observer::{Observation, Observed};
pub use of_person::EndedSession;
pub use record::{AccountRecord, Identity, LeftOut, LiveSession, SeenFrom, UserSession};
pub use refresh::{RefreshLease, RefreshResult, RefreshTurn};
pub use tokens::{TokenRecord, TokensRead};
pub use watch::{ASK_AGAIN, SessionWatch};

use crate::key_ring::KeyRing;
use bff_clock::Clock;
use observer::Observer;
use std::sync::Arc;
use store::{Change, Found, Store, StoreError};
use time::Duration;
use tower_sessions::session::Id;

/// The sessions of this application, on any store.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn Store>,
    keys: Arc<KeyRing>,
    lifetime: Lifetime,
    each: usize,
    clock: Arc<dyn Clock>,
    observer: Observer,
}

/// The state of a session id.
#[derive(Clone, Debug)]
pub enum Known {
    /// The session lives.
    Live(LiveSession),
    /// It has ended, and it is known why.
    Ended(Ending),
    /// Nothing is known of it.
    Nothing,
}

/// So many sessions one person may have, where nothing else was said.
pub const EACH: usize = 100;

/// A change that found another record than it was made for is made anew this many times.
const ATTEMPTS: usize = 100;

impl Sessions {
    /// Sessions in `store`, sealed with `keys`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keys: Arc<KeyRing>, lifetime: Lifetime, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            keys,
            lifetime,
            each: EACH,
            clock,
            observer: Observer::default(),
        }
    }

    /// The same, but a person may have so many sessions instead of [`EACH`]. One more ends the oldest.
    #[must_use]
    pub fn with_at_most(mut self, each: usize) -> Self {
        self.each = each;
        self
    }

    /// The same, and `observe` is called as soon as something has happened to one of them on this replica. It is called
    /// within the request or the task that did it, which waits for it.
    #[must_use]
    pub fn with_observer(mut self, observe: impl Fn(Observed<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Observer::new(observe);
        self
    }

    /// The limits of a session.
    #[must_use]
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// The state of this id. One read where the session lives, one more where it does not, none for an id that no key of
    /// the ring has made. A session past its absolute limit is ended, once. A record that does not open counts as none,
    /// and is logged.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: that is not "no session".
    pub async fn load(&self, id: &SessionId) -> Result<Known, StoreError> {
        match self.place(id) {
            Some(place) => self.load_at(place).await,
            None => Ok(Known::Nothing),
        }
    }

    async fn load_at(&self, place: Id) -> Result<Known, StoreError> {
        let live = match self.read_record(place).await? {
            Found::Live(live) => live,
            Found::Unreadable => return Ok(Known::Nothing),
            Found::Absent => return self.ending_at(&place).await,
        };
        let now = self.clock.now();
        Ok(if now >= self.lifetime.absolute_end(&live) {
            // It is over whether the store hears of it or not.
            if let Err(error) = self.end_found(place, &live, Ending::Limit).await {
                tracing::warn!(code = error.code(), "the end of a session at its limit was not stored");
            }
            Known::Ended(Ending::Limit)
        } else if now >= self.lifetime.idle_end(&live) {
            Known::Ended(Ending::Idle)
        } else {
            Known::Live(live)
        })
    }

    /// Puts off the idle limit, at most once in [`Lifetime::touch_interval`]: most requests write
    /// nothing. A session that has ended meanwhile stays ended. A record that an old key has sealed
    /// is sealed anew.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn touch(&self, live: &LiveSession) -> Result<(), StoreError> {
        let now = self.clock.now();
        let is_due = now - live.last_seen >= self.lifetime.touch_interval();
        if is_due || live.sealed_with != self.keys.first() {
            let too_young = self.end_left_behind(live).await?;
            let update = self.update(live, |session| {
                session.last_seen = session.last_seen.max(now);
                // Another login may have written its name here since the session was read.
                if session.replaces == live.replaces {
                    session.replaces = None;
                }
                if session.replaced_by == live.replaced_by {
                    session.replaced_by = too_young;
                }
            });
            // A session from before there was the list enters it, and after a rotation the list under the new key.
            let (updated, ()) = tokio::join!(update, self.stay_in_list(live.version.place, live));
            updated?;
        }
        Ok(())
    }

    /// Puts off the idle limit because the person asks for it: at once, not once in [`Lifetime::touch_interval`], but
    /// nothing is written for a second request within a second. Gives the session as it stands then; None where it
    /// has ended.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then the limit stays as before.
    pub async fn extend(&self, live: &LiveSession) -> Result<Option<LiveSession>, StoreError> {
        let now = self.clock.now();
        if now - live.last_seen < Duration::SECOND {
            return Ok(Some(live.clone()));
        }
        self.update(live, |session| session.last_seen = session.last_seen.max(now))
            .await
    }

    /// Changes a session, and gives it as it stands then; None where it has ended. Where somebody
    /// else has changed it meanwhile, `change` is applied to the newer record: no update is lost.
    /// Every replica hears of other claims and roles, and of an extension shortly before the end.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer, or the record changes again and again.
    pub async fn update(
        &self,
        live: &LiveSession,
        change: impl Fn(&mut UserSession) + Send,
    ) -> Result<Option<LiveSession>, StoreError> {
        let mut before = live.clone();
        for _ in 0..ATTEMPTS {
            let mut session = (*before).clone();
            change(&mut session);
            let change = self.change(&before, &session);
            let place = before.version.place;
            let after = record::seal(&self.keys, place, &session, self.lifetime.kept_until(&session));
            if self.store.replace(&before.version, &after, change).await? {
                if change == Some(Change::Claims) {
                    self.observer.tell(place, Some(&session), Observation::ClaimsChanged);
                }
                return Ok(record::open(&self.keys, &after));
            }
            match self.read_session(place).await? {
                Some(changed) => before = changed,
                None => return Ok(None),
            }
        }
        Err(StoreError::Contended)
    }

    /// Uses up something that works once, such as a login transaction, over all replicas, even if they have different
    /// first keys just now. `id` is its random name. Returns whether this was the first use.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then nobody can tell.
    pub async fn spend(&self, id: [u8; 16], until: time::OffsetDateTime) -> Result<bool, StoreError> {
        self.store.spend(&Id(i128::from_le_bytes(id)), until).await
    }

    /// Whether [`Sessions::spend`] has used it up.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then nobody can tell.
    pub async fn is_spent(&self, id: [u8; 16]) -> Result<bool, StoreError> {
        self.store.is_spent(&Id(i128::from_le_bytes(id))).await
    }

    /// Whether a session could be begun and ended at this moment: as [`Store::readiness`].
    ///
    /// # Errors
    ///
    /// The errors of [`Store::readiness`].
    pub async fn readiness(&self) -> Result<(), StoreError> {
        self.store.readiness().await
    }

    /// Whether replicas hear of each other's ends of sessions at this moment.
    #[must_use]
    pub fn hears(&self) -> bool {
        self.store.hears()
    }

    /// The change that other replicas hear of, if any.
    fn change(&self, before: &UserSession, after: &UserSession) -> Option<Change> {
        let now = self.clock.now();
        let is_expiring = |session| now >= self.lifetime.warning_at(session);
        if (&before.claims, &before.roles) != (&after.claims, &after.roles) {
            Some(Change::Claims)
        } else if is_expiring(before) && !is_expiring(after) {
            Some(Change::Extended)
        } else {
            None
        }
    }

    async fn read_session(&self, place: Id) -> Result<Option<LiveSession>, StoreError> {
        Ok(match self.read_record(place).await? {
            Found::Live(live) => Some(live),
            Found::Unreadable | Found::Absent => None,
        })
    }

    async fn read_record(&self, place: Id) -> Result<Found, StoreError> {
        match self
            .store
            .read(&place, &|place, seal| record::open_seal(&self.keys, place, seal))
            .await
        {
            Ok(found) => {
                if matches!(found, Found::Unreadable) {
                    tracing::warn!(code = "session_record_unreadable", "a record does not open");
                }
                Ok(found)
            }
            // Bytes that are no record of ours are no session either (SES-08).
            Err(tower_sessions::session_store::Error::Decode(_)) => {
                tracing::warn!(code = "session_record_unreadable", "a record is not in its form");
                Ok(Found::Unreadable)
            }
            Err(away) => Err(away.into()),
        }
    }
}

#[cfg(test)]
mod tests;
