//! Whose call or stream it is, and the room that each person has for them.
//!
//! A person and not a session is counted: whoever signs in a second time has no more room than
//! before. In the book a person is a number that means nothing elsewhere.

use bff_session::Identity;
use std::hash::{BuildHasher, RandomState};

/// So much at once, of one kind.
pub(crate) type PersonLimit = super::ConcurrencyLimit<Person>;

/// Room for one call or stream.
pub(crate) type PersonPermit = super::Permit<Person>;

/// Who the room of one person is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Person(u64);

#[cfg(test)]
impl Person {
    pub(crate) const SOMEBODY: Self = Self(1);
}

/// Makes numbers of people, with keys of this process. Two who get the same one share their room.
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
