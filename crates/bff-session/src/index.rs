//! The keys that sessions are looked up by: a person, and a session of the provider. `of_person.rs` has the operations.

use super::record::UserSession;
use super::store::place;
use super::{Identity, Sessions};
use crate::key_ring::Purpose;
use tower_sessions::session::Id;

/// A key that sessions are looked up by.
#[derive(Clone, Copy, Debug)]
pub struct IndexKey<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// The provider's side of the key.
    pub scope: Scope<'a>,
}

/// The provider's person or session that a group of sessions belongs to.
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

    pub(super) fn belongs(&self, session: &UserSession) -> bool {
        let identity = &session.identity;
        let is_session = |sid: &str| session.provider_sessions().any(|known| known == sid);
        identity.issuer == self.issuer
            && match self.scope {
                Scope::Session(sid) => is_session(sid),
                Scope::Person(subject) => identity.subject == subject,
                Scope::SessionOfPerson(sid, subject) => is_session(sid) && identity.subject == subject,
            }
    }

    /// The key that sessions are listed under: a person within a session of the provider is listed under that
    /// session.
    pub(super) fn listed(self) -> Self {
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

impl Sessions {
    pub(super) fn index_key(&self, key: IndexKey<'_>) -> Id {
        self.index_keys(key).next().expect("a ring has a first key")
    }

    /// Under each key of the ring: an entry stays where the replica of its time has put it.
    pub(super) fn index_keys(&self, key: IndexKey<'_>) -> impl Iterator<Item = Id> {
        let digests: Vec<_> = self.keys.digests(Purpose::Index, &key.bytes()).collect();
        digests.into_iter().map(|digest| place(&digest))
    }
}
