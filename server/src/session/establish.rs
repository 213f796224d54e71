//! A session's beginning: a new id, both records, and an entry in the index.

use super::index::IndexKey;
use super::record::{self, SeenFrom, UserSession};
use super::store::StoreError;
use super::{Ending, Identity, SessionId, Sessions, TokenRecord};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

/// What a new session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Who has signed in.
    pub identity: Identity,
    /// The claims that pages may see.
    pub claims: Map<String, Value>,
    /// The person's roles.
    pub roles: Vec<String>,
    /// Where from.
    pub seen_from: SeenFrom,
    /// When the provider vouched for it, by its clock.
    pub vouched_at: OffsetDateTime,
    /// When the person authenticated there, if the provider said so.
    pub authenticated_at: Option<OffsetDateTime>,
    /// In which way, if it said so (`acr`).
    pub acr: Option<String>,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum EstablishError {
    /// The store does not take the records.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The provider ended its session while the person was still on the way here.
    #[error("the provider ended its session before this login was finished")]
    EndedMeanwhile,
}

impl EstablishError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::EndedMeanwhile => "login_overtaken_by_logout",
        }
    }
}

impl Sessions {
    /// Begins a session under a new id (ASVS 7.2.4).
    ///
    /// # Errors
    ///
    /// An [`EstablishError`]: then there is no session.
    pub async fn establish(&self, new: NewSession, tokens: &TokenRecord) -> Result<SessionId, EstablishError> {
        let id = SessionId::new(&self.keys);
        let Some(place) = self.place(&id) else {
            unreachable!("the ring has its own first key")
        };
        let now = self.clock.now();
        let session = UserSession {
            identity: new.identity,
            claims: new.claims,
            roles: new.roles,
            seen_from: new.seen_from,
            earlier_provider_sessions: Vec::new(),
            vouched_at: new.vouched_at,
            signed_in_at: now,
            authenticated_at: new.authenticated_at,
            acr: new.acr,
            last_seen: now,
        };
        match self.write_down(place, &session, tokens).await {
            Ok(()) => Ok(id),
            Err(error) => {
                // Half a session is none: take back whichever record was written.
                let _ = self.end_at(&place, Ending::Provider).await;
                Err(error)
            }
        }
    }

    async fn write_down(&self, place: Id, session: &UserSession, tokens: &TokenRecord) -> Result<(), EstablishError> {
        let mut record = record::seal(&self.keys, place, session, self.lifetime.ends_at(session));
        let sealed = record::seal_tokens(&self.keys, place, tokens);
        // The tokens outlive any idle limit that activity may put off.
        let until = self.lifetime.absolute_end(session);
        // Each pair at once: the store pipelines what is waiting to be sent.
        let written = tokio::join!(
            self.create(&mut record),
            self.store.create_tokens(&place, &sealed, until)
        );
        written.0?;
        written.1?;
        // Only now the index. A logout marks first and looks into the index then; so of the two one sees the other.
        for retired in self.enter(place, session, until).await? {
            if retired.is_some_and(|at| session.vouched_at <= at) {
                return Err(EstablishError::EndedMeanwhile);
            }
        }
        Ok(())
    }

    async fn enter(
        &self,
        place: Id,
        session: &UserSession,
        until: OffsetDateTime,
    ) -> Result<[Option<OffsetDateTime>; 3], StoreError> {
        let identity = &session.identity;
        let person = self.index_key(IndexKey::person(identity));
        let Some(sid) = identity.provider_session.as_deref() else {
            return Ok([self.store.enter(&person, &place, until).await?, None, None]);
        };
        let provider_session = self.index_key(IndexKey::provider_session(identity, sid));
        let both = self.index_key(IndexKey::both(identity, sid));
        let (one, two, three) = tokio::join!(
            self.store.enter(&person, &place, until),
            self.store.enter(&provider_session, &place, until),
            self.store.retired(&both),
        );
        Ok([one?, two?, three?])
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
