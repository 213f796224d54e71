//! The sessions of a person, and those that belong to a session of the provider's: found, and ended.
//!
//! There may be thousands, so they are read and ended many at once, which the store sends in as few packets as it can; and
//! many entries leave the index with one command.

use super::index::IndexKey;
use super::listing::listing;
use super::record::{LiveSession, UserSession};
use super::store::{Found, Listing, StoreError};
use super::{Ending, Identity, SessionId, Sessions, TokenRecord};
use futures::{StreamExt, future, stream};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

/// How long a logout that overtakes a login is remembered: longer than a login may take.
pub(super) const RETIRED_FOR: Duration = Duration::hours(1);

/// So many sessions are under way to the store at once.
const AT_ONCE: usize = 64;

/// A session that was ended for its person, with its record and tokens.
#[derive(Debug)]
pub struct EndedSession {
    /// Its tokens, to be revoked.
    pub tokens: Option<TokenRecord>,
    /// The session's person. None where the session's record was gone or did not open.
    pub identity: Option<Identity>,
}

/// Which of the sessions under a key are to end, and how.
#[derive(Clone, Copy)]
pub(super) struct Which {
    /// Sessions whose authentication the provider vouched for at this time or earlier, by its clock.
    pub(super) vouched_by: Option<OffsetDateTime>,
    /// This session goes on.
    pub(super) but: Option<Id>,
    pub(super) ending: Ending,
}

/// An entry of the index that leads nowhere any more.
#[derive(Default)]
struct Taken {
    /// The session that ended just now.
    ended: Option<EndedSession>,
    /// Its entry in the list of all sessions.
    entry: Option<Listing>,
}

/// The record at a place that the index leads to.
enum Member {
    /// A session that belongs to the key.
    Theirs(LiveSession),
    /// A session that does not belong to the key, or is over by its limits.
    Other,
    /// Nothing.
    Gone,
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
        ending: Ending,
    ) -> Result<Option<EndedSession>, StoreError> {
        let Ok(place) = name.parse::<Id>() else {
            return Ok(None);
        };
        let key = IndexKey::person(identity);
        match self.read_session(place).await? {
            Some(live) if key.belongs(&live) => self.end_found(place, &live, ending).await,
            _ => Ok(None),
        }
    }

    /// Ends all sessions of a person but this one. Returns their number, and passes on the remains of each.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for all of them: those live on.
    pub async fn end_others(
        &self,
        identity: &Identity,
        this: &SessionId,
        tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let which = Which {
            vouched_by: None,
            but: self.place(this),
            ending: Ending::Elsewhere,
        };
        self.end_each(IndexKey::person(identity), which, tell).await
    }

    /// Ends the sessions of a key that the provider vouched for at `at` or earlier, by its clock;
    /// a login under way that belongs to it as well, for which a mark is written. So the provider itself has to have said
    /// so, in a signed logout token. Says how many sessions that were, and tells
    /// the remains of each as soon as it has ended: the store may fall silent before the next one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for all of them: those live on. Also where the mark could not be
    /// written: then the sessions have ended, and a login under way has not.
    pub async fn end_all(
        &self,
        key: IndexKey<'_>,
        at: OffsetDateTime,
        tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let which = Which {
            vouched_by: Some(at),
            but: None,
            ending: Ending::Provider,
        };
        self.retire_and_end(key, at, which, tell).await
    }

    pub(super) async fn retire_and_end(
        &self,
        key: IndexKey<'_>,
        at: OffsetDateTime,
        which: Which,
        tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let until = self.clock.now() + RETIRED_FOR;
        // Mark first, look then: see `establish`. A mark that cannot be written keeps no session alive.
        let mut unmarked = None;
        for marked in self.index_keys(key) {
            if let Err(error) = self.store.retire(&marked, at, until).await {
                unmarked = Some(error);
            }
        }
        let ended = self.end_each(key, which, tell).await?;
        unmarked.map_or(Ok(ended), Err)
    }

    /// As [`Sessions::end_all`], but for logins under way: it only looks, and where nothing is found, nothing is written.
    /// For a request that may be a stranger's.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for all of them: those live on.
    pub async fn end_listed(
        &self,
        key: IndexKey<'_>,
        at: OffsetDateTime,
        tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let which = Which {
            vouched_by: Some(at),
            but: None,
            ending: Ending::Provider,
        };
        self.end_each(key, which, tell).await
    }

    async fn end_each(
        &self,
        key: IndexKey<'_>,
        which: Which,
        mut tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let (mut count, mut failed) = (0, None);
        for listed in self.index_keys(key.listed()) {
            let places = self.store.members(&listed).await?;
            let ends = places.into_iter().filter(|place| Some(*place) != which.but);
            let mut ends = stream::iter(ends)
                .map(|place| async move { (place, self.end_member(key, &listed, place, which).await) })
                .buffer_unordered(AT_ONCE);
            let (mut gone, mut entries) = (Vec::new(), Vec::new());
            while let Some((place, taken)) = ends.next().await {
                match taken {
                    Ok(Some(Taken { ended, entry })) => {
                        gone.push(place);
                        entries.extend(entry);
                        count += usize::from(ended.is_some());
                        ended.into_iter().for_each(&mut tell);
                    }
                    Ok(None) => {}
                    // Of a cluster another part may answer.
                    Err(error) => failed = Some(error),
                }
            }
            tokio::join!(self.leave(&listed, &gone), self.unlist(&entries));
        }
        failed.map_or(Ok(count), Err)
    }

    /// None where nothing was to be ended. An entry of the index that leads nowhere any more gives Some.
    async fn end_member(
        &self,
        key: IndexKey<'_>,
        listed: &Id,
        place: Id,
        which: Which,
    ) -> Result<Option<Taken>, StoreError> {
        match self.member(key, place).await? {
            Member::Theirs(live) if which.vouched_by.is_none_or(|at| live.vouched_at <= at) => {
                let ended = self.end_at(&place, Some(&live), which.ending).await?;
                self.leave_all(place, &live, Some(listed)).await;
                let entry = Some(listing(place, &live));
                Ok(Some(Taken { ended, entry }))
            }
            Member::Theirs(_) | Member::Other => Ok(None),
            Member::Gone => Ok(Some(Taken::default())),
        }
    }

    pub(super) async fn find(&self, key: IndexKey<'_>) -> Result<Vec<(Id, LiveSession)>, StoreError> {
        let mut found = Vec::new();
        for listed in self.index_keys(key.listed()) {
            let places = self.store.members(&listed).await?;
            let mut members = stream::iter(places)
                .map(|place| async move { (place, self.member(key, place).await) })
                .buffer_unordered(AT_ONCE);
            let mut gone = Vec::new();
            while let Some((place, member)) = members.next().await {
                match member? {
                    Member::Theirs(live) => found.push((place, live)),
                    Member::Other => {}
                    Member::Gone => gone.push(place),
                }
            }
            self.leave(&listed, &gone).await;
        }
        Ok(found)
    }

    async fn member(&self, key: IndexKey<'_>, place: Id) -> Result<Member, StoreError> {
        Ok(match self.read_record(place).await? {
            Found::Absent => Member::Gone,
            Found::Live(live) if self.lifetime.is_live(&live, self.clock.now()) && key.belongs(&live) => {
                Member::Theirs(live)
            }
            // A replica with other keys may read it: the entry stays.
            Found::Live(_) | Found::Unreadable => Member::Other,
        })
    }

    pub(super) async fn end_found(
        &self,
        place: Id,
        live: &LiveSession,
        ending: Ending,
    ) -> Result<Option<EndedSession>, StoreError> {
        let is_over = self.clock.now() >= self.lifetime.absolute_end(live);
        let ending = if is_over { Ending::Limit } else { ending };
        let Some(ended) = self.end_at(&place, Some(live), ending).await? else {
            return Ok(None);
        };
        tokio::join!(self.leave_all(place, live, None), self.leave_list(place, live));
        Ok(Some(ended))
    }

    /// Takes an ended session out of the index, but not out of the entries under `listed`: many leave those together.
    async fn leave_all(&self, place: Id, session: &UserSession, listed: Option<&Id>) {
        let identity = &session.identity;
        let provider_sessions = session
            .provider_sessions()
            .map(|sid| IndexKey::provider_session(identity, sid));
        let keys = std::iter::once(IndexKey::person(identity)).chain(provider_sessions);
        let listed_as: Vec<Id> = keys
            .flat_map(|key| self.index_keys(key))
            .filter(|key| Some(key) != listed)
            .collect();
        let members = [place];
        future::join_all(listed_as.iter().map(|key| self.leave(key, &members))).await;
    }

    /// An entry that stays does no harm.
    async fn leave(&self, key: &Id, members: &[Id]) {
        if let Err(error) = self.store.leave(key, members).await {
            tracing::debug!(
                code = error.code(),
                "entries of a session were not removed from the index"
            );
        }
    }
}
