//! What a session is, where it is kept and how it ends. Knows no OpenID Connect.
//!
//! A session is two records: one that every signed-in request reads ([`UserSession`]) and one
//! with the tokens ([`TokenRecord`]), which only logout and calls with a token read. Both are
//! sealed; their keys in the store are digests of the id in the cookie, so that reading the store
//! gives neither a session nor a token (invariant 12).
//!
//! [`Sessions`] is the one door: nothing else writes a record. It stands on the store contract of
//! tower-sessions ([`tower_sessions::SessionStore`]) rather than on its middleware, because that
//! middleware decides at the end of a request what to save and which cookie to send: a login
//! could not write two records at once, a store that is away would read as "anonymous", and a
//! late response could remove the cookie of a newer login.

mod establish;
mod id;
mod lifetime;
mod record;
pub mod store;
mod tokens;

pub use id::SessionId;
pub use lifetime::Lifetime;
pub use record::{Identity, UserSession};
pub use tokens::TokenRecord;

use crate::clock::Clock;
use crate::key_ring::{KeyRing, Purpose};
use std::sync::Arc;
use store::{Store, StoreError};
use tower_sessions::session::{Id, Record};

/// The sessions of this application, on whatever store.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn Store>,
    keys: Arc<KeyRing>,
    lifetime: Lifetime,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    /// Sessions in `store`, sealed with `keys`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keys: Arc<KeyRing>, lifetime: Lifetime, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            keys,
            lifetime,
            clock,
        }
    }

    /// The limits of a session.
    #[must_use]
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// The session with this id, if it lives. One read; none for an id that no key of the ring
    /// has made. A record that does not open counts as none, and is logged.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: that is not "no session".
    pub async fn load(&self, id: &SessionId) -> Result<Option<UserSession>, StoreError> {
        let Some(place) = self.place(id, Purpose::Session) else {
            return Ok(None);
        };
        let Some(session) = self.read::<UserSession>(place, Purpose::Session).await? else {
            return Ok(None);
        };
        Ok(self.lifetime.is_live(&session, self.clock.now()).then_some(session))
    }

    /// Puts off the idle limit, at most once in [`Lifetime::touch_interval`]: most requests write
    /// nothing. A session that has ended meanwhile stays ended.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn touch(&self, id: &SessionId, session: &UserSession) -> Result<(), StoreError> {
        let now = self.clock.now();
        if now - session.last_seen < self.lifetime.touch_interval() {
            return Ok(());
        }
        let touched = UserSession {
            last_seen: now,
            ..session.clone()
        };
        self.update(id, &touched).await
    }

    /// Writes a changed session over the one in the store, and nothing where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn update(&self, id: &SessionId, session: &UserSession) -> Result<(), StoreError> {
        let Some(place) = self.place(id, Purpose::Session) else {
            return Ok(());
        };
        let until = self.lifetime.ends_at(session);
        self.store
            .save(&self.sealed(place, Purpose::Session, session, until))
            .await?;
        Ok(())
    }

    /// The tokens of a session, if it has any.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn tokens(&self, id: &SessionId) -> Result<Option<TokenRecord>, StoreError> {
        match self.place(id, Purpose::Tokens) {
            Some(place) => self.read(place, Purpose::Tokens).await,
            None => Ok(None),
        }
    }

    /// Ends a session. Ending one that is not there is fine.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer; the session may then live on.
    pub async fn end(&self, id: &SessionId) -> Result<(), StoreError> {
        let places = (self.place(id, Purpose::Session), self.place(id, Purpose::Tokens));
        let (Some(session), Some(tokens)) = places else {
            return Ok(());
        };
        // Both at once: the store pipelines what is waiting to be sent.
        let (session, tokens) = tokio::join!(self.store.delete(&session), self.store.delete(&tokens));
        session?;
        tokens?;
        Ok(())
    }

    /// Resolves when this session has ended, on whatever replica: for what outlives a request.
    #[expect(clippy::unused_async, reason = "the next commit fills it")]
    pub async fn ended(self, id: SessionId) {
        let _ = id;
        std::future::pending().await
    }

    /// Uses up something that works once, such as a login transaction, over all replicas, whatever
    /// their first key is just now. `id` is its random name. Says whether this was the first use.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then nobody can tell.
    pub async fn spend(&self, id: [u8; 16], until: time::OffsetDateTime) -> Result<bool, StoreError> {
        self.store.spend(&Id(i128::from_le_bytes(id)), until).await
    }

    /// Whether the store answers.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }

    /// Where a record stands in the store. None: no key of the ring has made this id.
    fn place(&self, id: &SessionId, purpose: Purpose) -> Option<Id> {
        let digest = self.keys.digest(id.key(), purpose, id.secret())?;
        Some(store::place(&digest))
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, place: Id, purpose: Purpose) -> Result<Option<T>, StoreError> {
        let record = match self.store.load(&place).await {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(None),
            // Bytes that are no record of ours are no session either (SES-08).
            Err(tower_sessions::session_store::Error::Decode(_)) => {
                tracing::warn!(
                    code = "session_record_unreadable",
                    ?purpose,
                    "a record is not in its form"
                );
                return Ok(None);
            }
            Err(away) => return Err(away.into()),
        };
        let opened = record::open(&self.keys, purpose, &record);
        if opened.is_none() {
            tracing::warn!(code = "session_record_unreadable", ?purpose, "a record does not open");
        }
        Ok(opened)
    }

    fn sealed<T: serde::Serialize>(
        &self,
        place: Id,
        purpose: Purpose,
        content: &T,
        until: time::OffsetDateTime,
    ) -> Record {
        record::seal(&self.keys, purpose, place, content, until)
    }
}

#[cfg(test)]
mod tests;
