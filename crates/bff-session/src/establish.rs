//! A session's beginning: a new id, both records, and entries in the index.

use super::ending::REMEMBERED;
use super::index::IndexKey;
use super::record::{self, LeftOut, SeenFrom, UserSession};
use super::store::{Entered, StoreError};
use super::{AccountRecord, CodeFlow, Ending, Identity, SessionId, Sessions, TokenRecord};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

/// The parts of a new session.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The person who has signed in.
    pub identity: Identity,
    /// The claims that pages may see.
    pub claims: Map<String, Value>,
    /// The roles that the claims tell.
    pub roles: Vec<String>,
    /// The application's decision about the person. Its `told_roles` do not count: `roles` has them.
    pub account: Option<AccountRecord>,
    /// The claims and roles that are not kept.
    pub left_out: LeftOut,
    /// The claims that the ID Token has told and userinfo has not.
    pub only_in_id_token: Vec<String>,
    /// Which browser it is for, by a name that says nothing of it: see [`Sessions::browser`]. None: nobody knows.
    pub browser: Option<Id>,
    /// Where from.
    pub seen_from: SeenFrom,
    /// When the provider vouched for it, by its clock.
    pub vouched_at: OffsetDateTime,
    /// When the person authenticated there, if the provider said so.
    pub authenticated_at: Option<OffsetDateTime>,
    /// In which way, if it said so (`acr`).
    pub acr: Option<String>,
    /// The steps of the sign-in, for people to see. None: it had none.
    pub code_flow: Option<CodeFlow>,
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
        let (id, place) = self.new_id();
        let now = self.clock.now();
        let mut session = UserSession {
            identity: new.identity,
            claims: new.claims,
            roles: new.roles,
            left_out: new.left_out,
            only_in_id_token: Some(new.only_in_id_token),
            replaces: None,
            replaced_by: None,
            seen_from: new.seen_from,
            earlier_provider_sessions: Vec::new(),
            vouched_at: new.vouched_at,
            signed_in_at: now,
            authenticated_at: new.authenticated_at,
            acr: new.acr,
            account: None,
            last_seen: now,
        };
        session.decide(new.account);
        match self.write_down(place, &session, (tokens, new.code_flow.as_ref())).await {
            Ok(count) => {
                // Only now: the session that is found by the note is then written down too.
                let held = self.hold(new.browser, place).await;
                self.note_replaced(place, held).await;
                self.keep_to_the_limit(&session.identity, place, count).await;
                Ok(id)
            }
            Err(error) => {
                // Half a session is none: take back whichever record was written.
                // The session has not begun, so nobody is told of an end.
                let until = now + REMEMBERED;
                let _ = self.store.end(&place, Ending::Provider.word(), until).await;
                Err(error)
            }
        }
    }

    /// A new id and its place. A ring that takes other keys between the two knows the id no more: then there is another one.
    fn new_id(&self) -> (SessionId, Id) {
        loop {
            let id = SessionId::new(&self.keys);
            if let Some(place) = self.place(&id) {
                return (id, place);
            }
        }
    }

    /// Says how many sessions its person has then.
    async fn write_down(
        &self,
        place: Id,
        session: &UserSession,
        (tokens, code_flow): (&TokenRecord, Option<&CodeFlow>),
    ) -> Result<usize, EstablishError> {
        let mut record = record::seal(&self.keys, place, session, self.lifetime.kept_until(session));
        let sealed = record::seal_tokens(&self.keys, place, tokens, code_flow);
        // The tokens outlive any idle limit that activity may put off.
        let until = self.lifetime.absolute_end(session);
        // Each pair at once: the store pipelines commands that wait to be sent.
        let written = tokio::join!(
            self.create(&mut record),
            self.store.create_tokens(&place, &sealed, until)
        );
        written.0?;
        written.1?;
        // Only now the index. A logout marks first and looks into the index then; so of the two one sees the other.
        let (count, retired) = self.enter(place, session, until).await?;
        if retired.into_iter().flatten().any(|at| session.vouched_at <= at) {
            return Err(EstablishError::EndedMeanwhile);
        }
        Ok(count)
    }

    /// One sign-in too many ends the oldest session, so that no person fills the store. It is the same session on every
    /// replica that decides this. The tokens of that session are not revoked: a provider may end with them everything
    /// that it gave this client for this person, the new session included.
    ///
    /// Where the store does not answer, the next sign-in does it.
    async fn keep_to_the_limit(&self, identity: &Identity, new: Id, count: usize) {
        // Entries of sessions that ended by themselves are in the count: only one that is too large has to be looked into.
        if count <= self.each {
            return;
        }
        if let Err(error) = self.end_oldest(identity, new).await {
            tracing::warn!(code = error.code(), "a person has more sessions than the limit allows");
        }
    }

    async fn end_oldest(&self, identity: &Identity, new: Id) -> Result<(), StoreError> {
        let mut live = self.find(IndexKey::person(identity)).await?;
        let surplus = live.len().saturating_sub(self.each);
        live.sort_by_key(|(place, session)| (session.signed_in_at, place.0));
        let oldest = live.into_iter().filter(|(place, _)| *place != new).take(surplus);
        for (place, session) in oldest {
            self.end_found(place, &session, Ending::TooMany).await?;
        }
        Ok(())
    }

    async fn enter(
        &self,
        place: Id,
        session: &UserSession,
        until: OffsetDateTime,
    ) -> Result<(usize, [Option<OffsetDateTime>; 4]), StoreError> {
        let identity = &session.identity;
        let person = self.index_key(IndexKey::person(identity));
        let Some(sid) = identity.provider_session.as_deref() else {
            let entered = self.store.enter(&person, &place, until);
            let (entered, of_all) = tokio::join!(entered, self.enter_list(place, session));
            let Entered { count, retired } = entered?;
            return Ok((count, [retired, None, None, of_all?]));
        };
        let provider_session = self.index_key(IndexKey::provider_session(identity, sid));
        let both = self.index_key(IndexKey::both(identity, sid));
        let (one, two, three, of_all) = tokio::join!(
            self.store.enter(&person, &place, until),
            self.store.enter(&provider_session, &place, until),
            self.store.retired(&both),
            self.enter_list(place, session),
        );
        let Entered { count, retired } = one?;
        Ok((count, [retired, two?.retired, three?, of_all?]))
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
