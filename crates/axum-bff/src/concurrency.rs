//! A limit on requests under way at once: for all people together, and for each one, so that nobody takes the whole.
//!
//! The limit keeps an entry for each one that has something under way, and none for the others: so there are never more
//! entries than the limit for everybody.

mod person;

pub(crate) use person::{People, Person, PersonLimit, PersonPermit};

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The limit on one kind of work. Clones share everything.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimit<K>(Arc<Bounded<K>>);

impl<K> Clone for ConcurrencyLimit<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Debug)]
struct Bounded<K> {
    all: usize,
    each: usize,
    taken: Mutex<Taken<K>>,
}

#[derive(Debug)]
struct Taken<K> {
    all: usize,
    of: HashMap<K, usize>,
}

/// Why there is no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitReached {
    /// Everybody together has as many as there may be.
    All,
    /// This one has as many as each may have.
    Each,
}

impl<K: Copy + Eq + Hash> ConcurrencyLimit<K> {
    /// `all` for everybody together, of these `each` for one.
    pub(crate) fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Bounded {
            all,
            each,
            taken: Mutex::new(Taken {
                all: 0,
                of: HashMap::new(),
            }),
        }))
    }

    /// A permit for one more.
    pub(crate) fn acquire(&self, caller: K) -> Result<Permit<K>, LimitReached> {
        let mut taken = self.0.taken();
        let theirs = taken.of.get(&caller).copied().unwrap_or_default();
        if theirs >= self.0.each {
            return Err(LimitReached::Each);
        }
        if taken.all >= self.0.all {
            return Err(LimitReached::All);
        }
        taken.all += 1;
        taken.of.insert(caller, theirs + 1);
        Ok(self.held(Some(caller)))
    }

    /// A permit for one more of the application's own: the limit for everybody holds for it, and no limit for one.
    pub(crate) fn acquire_for_the_application(&self) -> Result<Permit<K>, LimitReached> {
        let mut taken = self.0.taken();
        if taken.all >= self.0.all {
            return Err(LimitReached::All);
        }
        taken.all += 1;
        Ok(self.held(None))
    }

    fn held(&self, caller: Option<K>) -> Permit<K> {
        let limit = self.0.clone();
        Permit(Arc::new(Held { limit, caller }))
    }
}

impl<K> Bounded<K> {
    fn taken(&self) -> MutexGuard<'_, Taken<K>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One thing may be under way until the last clone is dropped: an upload and its answer share one.
#[derive(Clone, Debug)]
pub(crate) struct Permit<K: Copy + Eq + Hash>(#[expect(dead_code, reason = "held for its end")] Arc<Held<K>>);

#[derive(Debug)]
struct Held<K: Copy + Eq + Hash> {
    limit: Arc<Bounded<K>>,
    /// None: the application itself.
    caller: Option<K>,
}

impl<K: Copy + Eq + Hash> Drop for Held<K> {
    fn drop(&mut self) {
        let mut taken = self.limit.taken();
        taken.all -= 1;
        let Some(caller) = self.caller else { return };
        if let Entry::Occupied(mut theirs) = taken.of.entry(caller) {
            *theirs.get_mut() -= 1;
            if *theirs.get() == 0 {
                theirs.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_leaves_room_for_others() {
        let limit = ConcurrencyLimit::new(3, 2);
        let held = [limit.acquire("alice"), limit.acquire("alice")];
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(limit.acquire("alice").err(), Some(LimitReached::Each));
        let other = limit.acquire("bob");
        assert!(other.is_ok());
        assert_eq!(limit.acquire("bob").err(), Some(LimitReached::All));
        drop(held);
        assert!(limit.acquire("bob").is_ok() && limit.acquire("alice").is_ok());
    }

    #[test]
    fn the_application_has_the_room_of_everybody_and_leaves_none_behind() {
        let limit = ConcurrencyLimit::new(3, 1);
        let held = [limit.acquire_for_the_application(), limit.acquire_for_the_application()];
        assert!(held.iter().all(Result::is_ok), "the limit of one person does not apply");
        let alice = limit.acquire("alice");
        assert!(alice.is_ok());
        assert_eq!(limit.acquire_for_the_application().err(), Some(LimitReached::All));
        assert_eq!(limit.acquire("bob").err(), Some(LimitReached::All));
        drop((held, alice));
        let taken = limit.0.taken();
        assert_eq!((taken.all, taken.of.len()), (0, 0));
    }

    #[test]
    fn a_caller_with_nothing_under_way_is_not_in_the_book() {
        let limit = ConcurrencyLimit::new(10, 2);
        for number in 0..1000 {
            let held = [limit.acquire(number), limit.acquire(number), limit.acquire(number)];
            assert_eq!(held.iter().filter(|permit| permit.is_ok()).count(), 2);
            assert_eq!(limit.0.taken().of.len(), 1);
        }
        let taken = limit.0.taken();
        assert_eq!((taken.all, taken.of.len()), (0, 0));
    }
}
