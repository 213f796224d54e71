//! A session's beginning: a new id, both records at once, and the end of the session before it.

use super::{Identity, SessionId, Sessions, StoreError, TokenRecord, UserSession};
use crate::key_ring::Purpose;
use serde_json::{Map, Value};
use tower_sessions::session::Record;

impl Sessions {
    /// Begins a session under a new id (ASVS 7.2.4) and ends the one that the browser had.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not take both records: then there is no session.
    pub async fn establish(
        &self,
        identity: Identity,
        claims: Map<String, Value>,
        roles: Vec<String>,
        tokens: &TokenRecord,
    ) -> Result<SessionId, StoreError> {
        let id = SessionId::new(&self.keys);
        let now = self.clock.now();
        let session = UserSession {
            identity,
            claims,
            roles,
            signed_in_at: now,
            last_seen: now,
        };
        let places = (self.place(&id, Purpose::Session), self.place(&id, Purpose::Tokens));
        let (Some(session_place), Some(tokens_place)) = places else {
            unreachable!("the ring has its own first key")
        };
        let mut session_record = self.sealed(
            session_place,
            Purpose::Session,
            &session,
            self.lifetime.ends_at(&session),
        );
        // The tokens outlive any idle limit that activity may put off.
        let mut token_record = self.sealed(
            tokens_place,
            Purpose::Tokens,
            tokens,
            self.lifetime.absolute_end(&session),
        );
        let written = tokio::join!(self.create(&mut session_record), self.create(&mut token_record));
        if let (Ok(()), Ok(())) = written {
            return Ok(id);
        }
        // Half a session is none: take back whichever record was written.
        let _ = self.end(&id).await;
        written.0.and(written.1).map(|()| id)
    }

    async fn create(&self, record: &mut Record) -> Result<(), StoreError> {
        let place = record.id;
        self.store.create(record).await?;
        // On a collision tower-sessions' store picks another place, where nobody would look.
        if record.id == place {
            Ok(())
        } else {
            Err(StoreError::PlaceTaken)
        }
    }
}
