//! Changes of a session that goes on: other claims, and another name of the provider's session.
//!
//! A session whose provider calls its own session by another name ends with that one, and with those before it. Each name
//! was given to identify this very session (Back-Channel Logout 1.0 §2.1), the person signed in under the first of them,
//! and a logout that says an earlier one may be on its way while the name changes. A person who is signed out too early signs
//! in again; nobody notices a session that outlives its logout.

use super::index::IndexKey;
use super::record::UserSession;
use super::store::StoreError;
use super::{Ending, SessionId, Sessions};
use tower_sessions::session::Id;

/// A provider may change the name as often as it likes; of the earlier ones, so many are kept.
const EARLIER: usize = 3;

impl UserSession {
    /// The provider calls its session by this name from now on.
    pub fn is_now_in(&mut self, provider_session: &str) {
        let current = &mut self.identity.provider_session;
        if current.as_deref() == Some(provider_session) {
            return;
        }
        let earlier = &mut self.earlier_provider_sessions;
        earlier.retain(|name| name != provider_session);
        earlier.extend(current.replace(provider_session.to_owned()));
        earlier.drain(..earlier.len().saturating_sub(EARLIER));
    }

    /// The name of the provider's session, and its earlier names.
    pub(super) fn provider_sessions(&self) -> impl Iterator<Item = &str> {
        let current = self.identity.provider_session.iter();
        current.chain(&self.earlier_provider_sessions).map(String::as_str)
    }
}

impl Sessions {
    /// Changes the person's claims and roles. Nothing is written where nothing changes, and a session that has ended stays
    /// ended. Where the provider's session has another name afterwards, the index follows; and if the provider has ended
    /// that one since it vouched for the person, this session ends too.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then the same change has to be made again.
    pub async fn amend(&self, id: &SessionId, change: impl Fn(&mut UserSession) + Send) -> Result<(), StoreError> {
        let Some(place) = self.place(id) else {
            return Ok(());
        };
        let live = self.read_session(place).await?;
        let Some(mut live) = live.filter(|live| self.lifetime.is_live(live, self.clock.now())) else {
            return Ok(());
        };
        let mut changed = (*live).clone();
        change(&mut changed);
        if changed != *live {
            // The index first: an entry does no harm that leads to a session which does not know of it yet.
            if changed.identity.provider_session != live.identity.provider_session {
                self.enter_provider_session(place, &changed).await?;
            }
            let Some(kept) = self.update(&live, change).await? else {
                return Ok(());
            };
            live = kept;
        }
        // A logout marks first and looks into the index then: either it finds this session by its new name, or its mark is
        // seen here. Also where nothing has changed: an earlier attempt may have made the change and got no further.
        if self.is_retired(&live).await? {
            self.end_found(place, &live, Ending::Provider).await?;
        }
        Ok(())
    }

    async fn enter_provider_session(&self, place: Id, session: &UserSession) -> Result<(), StoreError> {
        let identity = &session.identity;
        if let Some(sid) = &identity.provider_session {
            let key = self.index_key(IndexKey::provider_session(identity, sid));
            let until = self.lifetime.absolute_end(session);
            self.store.enter(&key, &place, until).await?;
        }
        Ok(())
    }

    /// Whether the provider has ended its session since it vouched for the person.
    async fn is_retired(&self, session: &UserSession) -> Result<bool, StoreError> {
        let identity = &session.identity;
        let Some(sid) = &identity.provider_session else {
            return Ok(false);
        };
        let provider_session = self.index_key(IndexKey::provider_session(identity, sid));
        let both = self.index_key(IndexKey::both(identity, sid));
        let (one, two) = tokio::join!(self.store.retired(&provider_session), self.store.retired(&both));
        Ok([one?, two?].into_iter().flatten().any(|at| session.vouched_at <= at))
    }
}
