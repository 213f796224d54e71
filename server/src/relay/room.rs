//! How much may be under way to an API at once: for everybody together, and for one person, so
//! that nobody takes the room of all others.
//!
//! A person and not a session is counted: whoever signs in a second time has no more room than
//! before. A person is in the book only while something is under way, so there are never more
//! entries than the bound for everybody, and in it as a number that means nothing elsewhere.

use crate::session::Identity;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who the room of one person is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Person(u64);

#[cfg(test)]
impl Person {
    pub(super) const SOMEBODY: Self = Self(1);
}

/// Makes numbers of people, with keys of this process. Two who get the same one share their room.
#[derive(Clone, Debug, Default)]
pub(super) struct People(RandomState);

impl People {
    pub(super) fn of(&self, identity: &Identity) -> Person {
        Person(self.0.hash_one((&identity.issuer, &identity.subject)))
    }
}

/// So much at once, of one kind.
#[derive(Clone, Debug)]
pub(super) struct Rooms(Arc<Bounded>);

#[derive(Debug)]
struct Bounded {
    all: usize,
    each: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    of: HashMap<Person, usize>,
}

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRoom {
    /// Everybody together has taken it.
    All,
    /// This person has taken what is for one.
    Person,
}

impl Rooms {
    /// `all` for everybody together, of these `each` for one person.
    pub(super) fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Bounded {
            all,
            each,
            taken: Mutex::default(),
        }))
    }

    /// Room for one more, until it is dropped.
    pub(super) fn take(&self, person: Person) -> Result<Room, NoRoom> {
        let mut taken = self.0.taken();
        let of_person = taken.of.get(&person).copied().unwrap_or_default();
        if of_person >= self.0.each {
            return Err(NoRoom::Person);
        }
        if taken.all >= self.0.all {
            return Err(NoRoom::All);
        }
        taken.all += 1;
        taken.of.insert(person, of_person + 1);
        Ok(Room {
            rooms: self.0.clone(),
            person,
        })
    }
}

impl Bounded {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one call or stream.
#[derive(Debug)]
pub(super) struct Room {
    rooms: Arc<Bounded>,
    person: Person,
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut taken = self.rooms.taken();
        taken.all -= 1;
        if let Entry::Occupied(mut of_person) = taken.of.entry(self.person) {
            *of_person.get_mut() -= 1;
            if *of_person.get() == 0 {
                of_person.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(subject: &str, provider_session: &str) -> Identity {
        Identity {
            issuer: "https://op.example.com".to_owned(),
            subject: subject.to_owned(),
            provider_session: Some(provider_session.to_owned()),
        }
    }

    #[test]
    fn one_person_leaves_room_for_others() {
        let (people, rooms) = (People::default(), Rooms::new(3, 2));
        let (alice, bob) = (people.of(&person("alice", "1")), people.of(&person("bob", "2")));
        let held = [rooms.take(alice), rooms.take(alice)];
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(rooms.take(alice).err(), Some(NoRoom::Person));
        let other = rooms.take(bob);
        assert!(other.is_ok());
        assert_eq!(rooms.take(bob).err(), Some(NoRoom::All));
        drop(held);
        assert!(rooms.take(bob).is_ok() && rooms.take(alice).is_ok());
    }

    #[test]
    fn a_further_session_of_a_person_has_no_room_of_its_own() {
        let (people, rooms) = (People::default(), Rooms::new(3, 1));
        let _held = rooms.take(people.of(&person("alice", "1"))).expect("room");
        let again = rooms.take(people.of(&person("alice", "2")));
        assert_eq!(again.err(), Some(NoRoom::Person));
    }

    #[test]
    fn who_has_nothing_under_way_is_not_in_the_book() {
        let (people, rooms) = (People::default(), Rooms::new(10, 2));
        for number in 0..1000 {
            let person = people.of(&person(&number.to_string(), ""));
            let held = [rooms.take(person), rooms.take(person), rooms.take(person)];
            assert_eq!(held.iter().filter(|room| room.is_ok()).count(), 2);
            assert_eq!(rooms.0.taken().of.len(), 1);
        }
        let taken = rooms.0.taken();
        assert_eq!((taken.all, taken.of.len()), (0, 0));
    }
}
