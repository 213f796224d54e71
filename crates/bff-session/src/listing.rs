//! All live sessions, of everybody: listed in pages, the newest first, and ended.
//!
//! The list lies in several parts, each in a slot of its own in a cluster, so that no server has the writes of every
//! sign-in. A session is in the part that its place says. An entry may be stale, never wrong: the record that it leads to is
//! read, and an entry that leads nowhere goes when it is met, at the latest when the session could not live any more. A session
//! that began before there was the list enters it when its activity is next written down.

mod cursor;

pub use cursor::Cursor;
pub(super) use cursor::listing;

use super::of_person::{RETIRED_FOR, Which};
use super::record::{LiveSession, UserSession};
use super::store::{Found, Listing, Rank, StoreError};
use super::{EndedSession, Ending, IndexKey, Sessions};
use crate::key_ring::Purpose;
use futures::{StreamExt, future, stream};
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// So many parts has the list.
const PARTS: u8 = 16;

/// So many records are read at once.
const AT_ONCE: usize = 64;

/// A page reads so many times as many records as it shows, at most. Where more entries than that are stale, it is short.
const ROUNDS: usize = 8;

/// So many sessions of one second may have the same rank, and none of them is passed over.
const TIES: usize = 16;

/// A page of all sessions.
#[derive(Clone, Debug)]
pub struct ListedSessions {
    /// The name of each session, which opens nothing, and the session: the newest first.
    pub sessions: Vec<(String, LiveSession)>,
    /// Where the next page begins. None: there is none.
    pub next: Option<Cursor>,
}

fn part_of(place: Id) -> u8 {
    place.0.to_le_bytes()[0] % PARTS
}

impl Sessions {
    /// A page of at most `count` live sessions, the newest first, after this place of the list. Its cost is bounded, so that a
    /// page may have fewer sessions and a next page all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn all(&self, after: Option<Cursor>, count: usize) -> Result<ListedSessions, StoreError> {
        let (mut sessions, mut after) = (Vec::new(), after.map(|cursor| cursor.0));
        for _ in 0..ROUNDS {
            let listed = self.listed_after(after, count).await?;
            let is_the_end = listed.len() < count;
            let mut records = stream::iter(listed)
                .map(|entry| async move { (entry, self.read_record(entry.member).await) })
                .buffered(AT_ONCE);
            let mut gone = Vec::new();
            while let Some((entry, record)) = records.next().await {
                if sessions.len() == count {
                    self.unlist(&gone).await;
                    let next = after.map(Cursor);
                    return Ok(ListedSessions { sessions, next });
                }
                after = Some(entry);
                match record? {
                    Found::Live(live) if self.lifetime.is_live(&live, self.clock.now()) => {
                        sessions.push((entry.member.to_string(), live));
                    }
                    // A replica with other keys may read it: the entry stays.
                    Found::Live(_) | Found::Unreadable => {}
                    Found::Absent => gone.push(entry),
                }
            }
            self.unlist(&gone).await;
            if is_the_end {
                return Ok(ListedSessions { sessions, next: None });
            }
            if sessions.len() == count {
                break;
            }
        }
        let next = after.map(Cursor);
        Ok(ListedSessions { sessions, next })
    }

    /// The live sessions that belong to a key, in no order, each with its name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn of_key(&self, key: IndexKey<'_>) -> Result<Vec<(String, LiveSession)>, StoreError> {
        let found = self.find(key).await?;
        Ok(found
            .into_iter()
            .map(|(place, live)| (place.to_string(), live))
            .collect())
    }

    /// The live session of this name, whosever it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn named(&self, name: &str) -> Result<Option<LiveSession>, StoreError> {
        let Ok(place) = name.parse::<Id>() else {
            return Ok(None);
        };
        let live = self.read_session(place).await?;
        Ok(live.filter(|live| self.lifetime.is_live(live, self.clock.now())))
    }

    /// Ends the session of this name, whosever it is, for an administrator. None where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: the session may then live on.
    pub async fn end_by_name(&self, name: &str) -> Result<Option<EndedSession>, StoreError> {
        let Ok(place) = name.parse::<Id>() else {
            return Ok(None);
        };
        match self.read_session(place).await? {
            Some(live) => self.end_found(place, &live, Ending::Administrator).await,
            None => Ok(None),
        }
    }

    /// Ends all sessions of a key for an administrator, and a login under way that belongs to it, which the provider vouched
    /// for at `at` or earlier, by its clock. Says how many sessions that were, and tells the remains of each.
    ///
    /// # Errors
    ///
    /// As [`Sessions::end_all`].
    pub async fn end_for_administrator(
        &self,
        key: IndexKey<'_>,
        at: OffsetDateTime,
        tell: impl FnMut(EndedSession) + Send,
    ) -> Result<usize, StoreError> {
        let which = Which {
            vouched_by: None,
            but: None,
            ending: Ending::Administrator,
        };
        self.retire_and_end(key, at, which, tell).await
    }

    /// Marks every login that the provider vouched for at `at` or earlier, by its clock, as over: one that is under way does
    /// not become a session. For [`Sessions::end_page`], which comes next.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for a part of the list. The other parts are marked.
    pub async fn overtake_all(&self, at: OffsetDateTime) -> Result<(), StoreError> {
        // As long as a session may live that is not in the list yet: see `stay_in_list`.
        let until = self.clock.now() + RETIRED_FOR.max(self.lifetime.absolute);
        let parts = self.parts().into_iter();
        let marks = parts.map(|list| async move { self.store.retire(&list, at, until).await });
        future::join_all(marks).await.into_iter().collect()
    }

    /// Ends a page of at most `count` sessions of the list, for an administrator, and passes on the remains of each. Returns
    /// their number, and where the next page begins.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer for all of them: those live on.
    pub async fn end_page(
        &self,
        after: Option<Cursor>,
        count: usize,
        mut tell: impl FnMut(EndedSession) + Send,
    ) -> Result<(usize, Option<Cursor>), StoreError> {
        let page = self.all(after, count).await?;
        let mut ends = stream::iter(page.sessions)
            .map(|(name, _)| async move { self.end_by_name(&name).await })
            .buffer_unordered(AT_ONCE);
        let (mut ended, mut failed) = (0, None);
        while let Some(end) = ends.next().await {
            match end {
                Ok(Some(remains)) => {
                    ended += 1;
                    tell(remains);
                }
                Ok(None) => {}
                // Of a cluster another part may answer.
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok((ended, page.next)), Err)
    }

    /// Enters a session in the list. Returns the time up to which everything in its part has been ended.
    pub(super) async fn enter_list(
        &self,
        place: Id,
        session: &UserSession,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let now = self.clock.now();
        // A part lives as long as the youngest session that it can have.
        let (over, until) = (
            Rank::first_of(now.saturating_sub(self.lifetime.absolute)),
            now.saturating_add(self.lifetime.absolute),
        );
        let lists = self.lists_of(part_of(place));
        let list = lists.first().expect("a ring has a first key");
        self.store.list(list, &listing(place, session), over, until).await
    }

    /// The same for a session that lives already. The request at hand does not fail with it: the entry is for others to see,
    /// and the next write of activity makes it.
    ///
    /// A session that was in no list when everything was ended ends here.
    pub(super) async fn stay_in_list(&self, place: Id, live: &LiveSession) {
        let entered = match self.enter_list(place, live).await {
            Ok(Some(at)) if live.vouched_at <= at => {
                self.end_found(place, live, Ending::Administrator).await.map(|_| ())
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = entered {
            tracing::debug!(
                code = error.code(),
                "a session was not entered in the list of all sessions"
            );
        }
    }

    /// Takes an ended session out of the list.
    pub(super) async fn leave_list(&self, place: Id, session: &UserSession) {
        self.unlist(&[listing(place, session)]).await;
    }

    /// An entry that stays does no harm.
    pub(super) async fn unlist(&self, entries: &[Listing]) {
        let of_part = |part: u8| -> Vec<Listing> {
            let entries = entries.iter().filter(|entry| part_of(entry.member) == part);
            entries.copied().collect()
        };
        let lists = (0..PARTS).map(|part| (part, of_part(part)));
        let lists = lists.filter(|(_, entries)| !entries.is_empty());
        let removed = lists.flat_map(|(part, entries)| {
            let lists = self.lists_of(part).into_iter();
            lists.map(move |list| (list, entries.clone()))
        });
        let removed = removed.map(|(list, entries)| async move { self.store.unlist(&list, &entries).await });
        for error in future::join_all(removed).await.into_iter().filter_map(Result::err) {
            tracing::debug!(code = error.code(), "stale entries stay in the list of all sessions");
        }
    }

    /// At most `count` entries below this one, the highest first. Fewer only at the end of the list.
    async fn listed_after(&self, after: Option<Listing>, count: usize) -> Result<Vec<Listing>, StoreError> {
        let from = after.map_or(Rank::HIGHEST, |after| after.rank);
        let parts = self.parts().into_iter();
        let parts = parts.map(|list| async move { self.store.listed(&list, from, count + TIES).await });
        let mut found: Vec<Listing> = future::try_join_all(parts).await?.into_iter().flatten().collect();
        found.retain(|entry| after.is_none_or(|after| entry.order() < after.order()));
        found.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.order()));
        // A session is under two keys of the ring for a while.
        found.dedup();
        found.truncate(count);
        Ok(found)
    }

    /// The parts of the list, under each key of the ring: an entry stays where the replica of its time has put it.
    fn parts(&self) -> Vec<Id> {
        (0..PARTS).flat_map(|part| self.lists_of(part)).collect()
    }

    fn lists_of(&self, part: u8) -> Vec<Id> {
        let name = [b"all sessions".as_slice(), &[part]].concat();
        let digests = self.keys.digests(Purpose::Index, &name);
        digests.map(|digest| super::store::place(&digest)).collect()
    }
}
