//! The copies themselves: which are there, and when one may be put there.

use crate::LiveSession;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tower_sessions::session::Id;

/// Sessions in one generation; there are two of them. A copy is about 3 KB.
const GENERATION: usize = 1536;

/// The greatest age of a copy, even if Redis has announced no change.
const OLDEST: Duration = Duration::from_mins(1);

/// Copies of session records, opened. Clones of one share it through an `Arc`.
///
/// Records used lately are in the young generation. When that is full the old one goes and the young one takes its place.
#[derive(Default)]
pub(super) struct Copies(Mutex<Content>);

#[derive(Default)]
struct Content {
    young: HashMap<Id, Entry>,
    old: HashMap<Id, Entry>,
    /// Until when Redis is known to announce changes.
    trusted_until: Option<Instant>,
    /// Counts how often everything was forgotten.
    era: u64,
    tickets: u64,
}

enum Entry {
    /// Somebody is reading it.
    Awaited(Ticket),
    Kept(LiveSession, Instant),
}

/// The right to put a copy there: handed out before the record is read, and void once news of a change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// The time between two moments at which everything was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Era(u64);

impl std::fmt::Debug for Copies {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Copies").finish_non_exhaustive()
    }
}

impl Content {
    fn take(&mut self, place: &Id) -> Option<Entry> {
        self.young.remove(place).or_else(|| self.old.remove(place))
    }

    fn put(&mut self, place: Id, entry: Entry) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(place, entry);
    }

    fn is_trusted(&self, now: Instant) -> bool {
        self.trusted_until.is_some_and(|until| now < until)
    }
}

impl Copies {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The copy of a record, where there is one that can be relied on.
    pub(super) fn get(&self, place: &Id, now: Instant) -> Option<LiveSession> {
        let mut content = self.content();
        if !content.is_trusted(now) {
            return None;
        }
        if let Some(Entry::Kept(live, read_at)) = content.young.get(place)
            && now < *read_at + OLDEST
        {
            return Some(live.clone());
        }
        match content.old.remove(place)? {
            Entry::Kept(live, read_at) if now < read_at + OLDEST => {
                content.put(*place, Entry::Kept(live.clone(), read_at));
                Some(live)
            }
            // Too old; or awaited, and then each reader reads it from Redis.
            Entry::Kept(..) | Entry::Awaited(_) => None,
        }
    }

    /// Announces a reading. None where no copy may be made just now.
    pub(super) fn announce(&self, place: Id, now: Instant) -> Option<Ticket> {
        let mut content = self.content();
        if !content.is_trusted(now) {
            return None;
        }
        content.tickets += 1;
        let ticket = Ticket(content.tickets);
        content.take(&place);
        content.put(place, Entry::Awaited(ticket));
        Some(ticket)
    }

    /// Keeps the record that was read, if no news of it has come since the reading was announced.
    pub(super) fn keep(&self, place: Id, ticket: Ticket, live: &LiveSession, now: Instant) {
        let mut content = self.content();
        match content.take(&place) {
            Some(Entry::Awaited(found)) if found == ticket => content.put(place, Entry::Kept(live.clone(), now)),
            Some(newer) => content.put(place, newer),
            None => {}
        }
    }

    /// A record that is kept, if one of them is wanted.
    pub(super) fn any(&self, wanted: impl Fn(&Id) -> bool) -> Option<Id> {
        let content = self.content();
        let entries = content.young.iter().chain(&content.old);
        let mut kept = entries.filter(|(_, entry)| matches!(entry, Entry::Kept(..)));
        kept.find(|(place, _)| wanted(place)).map(|(place, _)| *place)
    }

    /// Something has happened to the record.
    pub(super) fn forget(&self, place: &Id) {
        self.content().take(place);
    }

    /// Something may have happened to any record, and more may that is not heard of. Gives the era that begins.
    pub(super) fn forget_all(&self) -> Era {
        let mut content = self.content();
        content.young = HashMap::new();
        content.old = HashMap::new();
        content.trusted_until = None;
        content.era += 1;
        Era(content.era)
    }

    /// The era that it is.
    pub(super) fn era(&self) -> Era {
        Era(self.content().era)
    }

    /// Redis announces every change until then: proven in this era, and worth nothing in another.
    pub(super) fn trust(&self, era: Era, until: Instant) {
        let mut content = self.content();
        if content.era == era.0 {
            content.trusted_until = Some(until);
        }
    }
}

#[cfg(test)]
mod tests;
