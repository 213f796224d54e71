//! How much may be under way at once: for everybody together, and for each one, so that nobody
//! takes the room of all others.
//!
//! Who has nothing under way is not in the book, so there are never more entries than the bound for
//! everybody.

pub(crate) mod person;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So much at once, of one kind.
#[derive(Debug)]
pub(crate) struct Rooms<K>(Arc<Bounded<K>>);

impl<K> Clone for Rooms<K> {
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

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRoom {
    /// Everybody together has taken it.
    All,
    /// This one has taken what is for each.
    Each,
}

impl<K: Copy + Eq + Hash> Rooms<K> {
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

    /// Room for one more.
    pub(crate) fn take(&self, who: K) -> Result<Room<K>, NoRoom> {
        let mut taken = self.0.taken();
        let theirs = taken.of.get(&who).copied().unwrap_or_default();
        if theirs >= self.0.each {
            return Err(NoRoom::Each);
        }
        if taken.all >= self.0.all {
            return Err(NoRoom::All);
        }
        taken.all += 1;
        taken.of.insert(who, theirs + 1);
        Ok(Room(Arc::new(Held {
            rooms: self.0.clone(),
            who,
        })))
    }
}

impl<K> Bounded<K> {
    fn taken(&self) -> MutexGuard<'_, Taken<K>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one thing under way, until the last clone is dropped: an upload and its answer share one.
#[derive(Clone, Debug)]
pub(crate) struct Room<K: Copy + Eq + Hash>(#[expect(dead_code, reason = "held for its end")] Arc<Held<K>>);

#[derive(Debug)]
struct Held<K: Copy + Eq + Hash> {
    rooms: Arc<Bounded<K>>,
    who: K,
}

impl<K: Copy + Eq + Hash> Drop for Held<K> {
    fn drop(&mut self) {
        let mut taken = self.rooms.taken();
        taken.all -= 1;
        if let Entry::Occupied(mut theirs) = taken.of.entry(self.who) {
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
    fn one_leaves_room_for_others() {
        let rooms = Rooms::new(3, 2);
        let held = [rooms.take("alice"), rooms.take("alice")];
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(rooms.take("alice").err(), Some(NoRoom::Each));
        let other = rooms.take("bob");
        assert!(other.is_ok());
        assert_eq!(rooms.take("bob").err(), Some(NoRoom::All));
        drop(held);
        assert!(rooms.take("bob").is_ok() && rooms.take("alice").is_ok());
    }

    #[test]
    fn who_has_nothing_under_way_is_not_in_the_book() {
        let rooms = Rooms::new(10, 2);
        for number in 0..1000 {
            let held = [rooms.take(number), rooms.take(number), rooms.take(number)];
            assert_eq!(held.iter().filter(|room| room.is_ok()).count(), 2);
            assert_eq!(rooms.0.taken().of.len(), 1);
        }
        let taken = rooms.0.taken();
        assert_eq!((taken.all, taken.of.len()), (0, 0));
    }
}
