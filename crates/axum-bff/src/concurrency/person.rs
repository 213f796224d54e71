//! The limit on the calls and streams of each person.
//!
//! It counts people and not sessions: a person who signs in a second time may have no more than before. Here a person is a
//! number that means nothing elsewhere.

use bff_session::Identity;
use std::hash::{BuildHasher, RandomState};

/// The limit on one kind of work, for each person.
pub(crate) type PersonLimit = super::ConcurrencyLimit<Person>;

/// One call or stream of a person may be under way.
pub(crate) type PersonPermit = super::Permit<Person>;

/// A person whose calls and streams are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Person(u64);

#[cfg(test)]
impl Person {
    pub(crate) const SOMEBODY: Self = Self(1);
}

/// Makes numbers of people, with keys of this process. Two people who get the same one share a limit.
#[derive(Clone, Debug, Default)]
pub(crate) struct People(RandomState);

impl People {
    pub(crate) fn of(&self, identity: &Identity) -> Person {
        Person(self.0.hash_one((&identity.issuer, &identity.subject)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concurrency::LimitReached;

    fn person(subject: &str, provider_session: &str) -> Identity {
        Identity {
            issuer: "https://op.example.com".to_owned(),
            subject: subject.to_owned(),
            provider_session: Some(provider_session.to_owned()),
        }
    }

    #[test]
    fn a_further_session_of_a_person_has_no_room_of_its_own() {
        let (people, limit) = (People::default(), PersonLimit::new(3, 1));
        let _held = limit.acquire(people.of(&person("alice", "1"))).expect("room");
        let again = limit.acquire(people.of(&person("alice", "2")));
        assert_eq!(again.err(), Some(LimitReached::Each));
        assert!(limit.acquire(people.of(&person("bob", "2"))).is_ok());
    }
}
