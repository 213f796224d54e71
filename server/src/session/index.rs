//! The sessions of a person, and those that belong to a session of the provider's.

use super::record::{self, LiveSession, UserSession};
use super::store::{StoreError, place};
use super::{Ending, Identity, SessionId, Sessions, TokenRecord};
use crate::key_ring::Purpose;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store;

/// How long a logout that overtakes a login is remembered: longer than a login may take.
const RETIRED_FOR: Duration = Duration::hours(1);

/// What sessions are looked up by.
#[derive(Clone, Copy, Debug)]
pub struct IndexKey<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// What of the provider's.
    pub scope: Scope<'a>,
}

/// What of the provider's a group of sessions belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// A session of the provider (`sid`).
    Session(&'a str),
    /// A person (`sub`).
    Person(&'a str),
    /// A session of the provider, if it is this person's: `sid`, then `sub`.
    SessionOfPerson(&'a str, &'a str),
}

impl<'a> IndexKey<'a> {
    pub(super) fn person(identity: &'a Identity) -> Self {
        Self {
            issuer: &identity.issuer,
            scope: Scope::Person(&identity.subject),
        }
    }

    pub(super) fn provider_session(identity: &'a Identity, sid: &'a str) -> Self {
        Self {
            issuer: &identity.issuer,
            scope: Scope::Session(sid),
        }
    }

    pub(super) fn both(identity: &'a Identity, sid: &'a str) -> Self {
        Self {
            issuer: &identity.issuer,
            scope: Scope::SessionOfPerson(sid, &identity.subject),
        }
    }

    fn belongs(&self, session: &UserSession) -> bool {
        let identity = &session.identity;
        let is_session = |sid: &str| session.provider_sessions().any(|known| known == sid);
        identity.issuer == self.issuer
            && match self.scope {
                Scope::Session(sid) => is_session(sid),
                Scope::Person(subject) => identity.subject == subject,
                Scope::SessionOfPerson(sid, subject) => is_session(sid) && identity.subject == subject,
            }
    }

    /// The key that sessions are listed under: what is the person's within a session of the provider's stands under that
    /// session.
    fn listed(self) -> Self {
        match self.scope {
            Scope::SessionOfPerson(sid, _) => Self {
                scope: Scope::Session(sid),
                ..self
            },
            _ => self,
        }
    }

    /// Each part with its length before it, so that no two keys read the same.
    fn bytes(&self) -> Vec<u8> {
        let (kind, parts) = match self.scope {
            Scope::Session(sid) => ("session", [sid, ""]),
            Scope::Person(subject) => ("person", [subject, ""]),
            Scope::SessionOfPerson(sid, subject) => ("both", [sid, subject]),
        };
        let mut bytes = Vec::new();
        for part in [kind, self.issuer, parts[0], parts[1]] {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part.as_bytes());
        }
        bytes
    }
}

/// A session that was ended for its person, with what it left.
#[derive(Debug)]
pub struct EndedSession {
    /// Its tokens, to be revoked.
    pub tokens: Option<TokenRecord>,
}

impl Sessions {
    /// The live sessions of a person, in no order. The text names each of them; it opens nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn of_person(&self, identity: &Identity) -> Result<Vec<(String, LiveSession)>, StoreError> {
        let found = self.find(IndexKey::person(identity)).await?;
        Ok(found
            .into_iter()
            .map(|(place, live)| (place.to_string(), live))
            .collect())
    }

    /// The name that [`Sessions::of_person`] gives the session with this id.
    #[must_use]
    pub fn name(&self, id: &SessionId) -> Option<String> {
        self.place(id).map(|place| place.to_string())
    }

    /// Ends one of a person's sessions, by the name that [`Sessions::of_person`] gave it. None where
    /// this person has no such session.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn end_named(
        &self,
        identity: &Identity,
        name: &str,
        why: Ending,
    ) -> Result<Option<EndedSession>, StoreError> {
        let Ok(place) = name.parse::<Id>() else {
            return Ok(None);
        };
        let key = IndexKey::person(identity);
        match self.read_session(place).await? {
            Some(live) if key.belongs(&live) => self.end_found(place, &live, why).await,
            _ => Ok(None),
        }
    }

    /// Ends what belongs to a key and was vouched for at `at` or earlier, by the provider's clock;
    /// a login under way that belongs to it as well, for which a mark is written. So the provider itself has to have said
    /// so, in a signed logout token. Says how many sessions that were, and tells
    /// what each has left as soon as it has ended: the store may fall silent before the next one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for all of them: those live on.
    pub async fn end_all(
        &self,
        key: IndexKey<'_>,
        at: OffsetDateTime,
        tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let until = self.clock.now() + RETIRED_FOR;
        // Mark first, look then: see `establish`.
        for marked in self.index_keys(key) {
            self.store.retire(&marked, at, until).await?;
        }
        self.end_listed(key, at, tell).await
    }

    /// As [`Sessions::end_all`], but for logins under way: it only looks, and where nothing is found, nothing is written.
    /// For whoever may be a stranger.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for all of them: those live on.
    pub async fn end_listed(
        &self,
        key: IndexKey<'_>,
        at: OffsetDateTime,
        mut tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let (mut count, mut failed) = (0, None);
        for listed in self.index_keys(key.listed()) {
            for place in self.store.members(&listed).await? {
                match self.end_member(key, &listed, place, at).await {
                    Ok(ended) => ended.into_iter().for_each(|ended| {
                        count += 1;
                        tell(ended);
                    }),
                    // Of a cluster another part may answer.
                    Err(error) => failed = Some(error),
                }
            }
        }
        failed.map_or(Ok(count), Err)
    }

    async fn end_member(
        &self,
        key: IndexKey<'_>,
        listed: &Id,
        place: Id,
        at: OffsetDateTime,
    ) -> Result<Option<EndedSession>, StoreError> {
        match self.member(key, listed, place).await? {
            Some(live) if live.vouched_at <= at => self.end_found(place, &live, Ending::Provider).await,
            _ => Ok(None),
        }
    }

    async fn find(&self, key: IndexKey<'_>) -> Result<Vec<(Id, LiveSession)>, StoreError> {
        let mut found = Vec::new();
        for listed in self.index_keys(key.listed()) {
            for place in self.store.members(&listed).await? {
                let live = self.member(key, &listed, place).await?;
                found.extend(live.map(|live| (place, live)));
            }
        }
        Ok(found)
    }

    /// The session at a place that was `listed`, if it lives and belongs to the key.
    async fn member(&self, key: IndexKey<'_>, listed: &Id, place: Id) -> Result<Option<LiveSession>, StoreError> {
        match self.read_session(place).await? {
            Some(live) if !self.lifetime.is_live(&live, self.clock.now()) => Ok(None),
            Some(live) if key.belongs(&live) => Ok(Some(live)),
            // What was read may be a copy, from before the provider gave its session this name.
            Some(_) => Ok(self.read_anew(place).await?.filter(|live| key.belongs(live))),
            None => {
                self.store.leave(listed, &place).await?;
                Ok(None)
            }
        }
    }

    /// The session as the store itself has it.
    async fn read_anew(&self, place: Id) -> Result<Option<LiveSession>, StoreError> {
        match self.store.load(&place).await {
            Ok(record) => Ok(record.and_then(|record| record::open(&self.keys, &Record { id: place, ..record }))),
            Err(session_store::Error::Decode(_)) => Ok(None),
            Err(away) => Err(away.into()),
        }
    }

    pub(super) async fn end_found(
        &self,
        place: Id,
        live: &LiveSession,
        why: Ending,
    ) -> Result<Option<EndedSession>, StoreError> {
        let tokens = self.tokens_at(place).await?.map(|read| read.record);
        if !self.end_at(&place, why).await? {
            return Ok(None);
        }
        self.forget(place, live).await;
        Ok(Some(EndedSession { tokens }))
    }

    /// Takes an ended session out of the index. An entry that stays does no harm.
    pub(super) async fn forget(&self, place: Id, session: &UserSession) {
        let identity = &session.identity;
        let provider_sessions = session
            .provider_sessions()
            .map(|sid| IndexKey::provider_session(identity, sid));
        for key in std::iter::once(IndexKey::person(identity)).chain(provider_sessions) {
            for key in self.index_keys(key) {
                if let Err(error) = self.store.leave(&key, &place).await {
                    tracing::debug!(code = error.code(), "an entry of the index stays");
                }
            }
        }
    }

    pub(super) fn index_key(&self, key: IndexKey<'_>) -> Id {
        self.index_keys(key).next().expect("a ring has a first key")
    }

    /// Under each key of the ring: an entry stays where the replica of its time has put it.
    fn index_keys(&self, key: IndexKey<'_>) -> impl Iterator<Item = Id> {
        let digests: Vec<_> = self.keys.digests(Purpose::Index, &key.bytes()).collect();
        digests.into_iter().map(|digest| place(&digest))
    }
}
