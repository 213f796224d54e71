//! The state that the endpoints share.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::{
    browser_session::BrowserSessions,
    calls::Calls,
    clock::Clock,
    faults::Faults,
    grants::Grants,
    keys::Keys,
    outage::Outage,
    person::Person,
    records::{Proofs, PushedRequests},
    role_changes::RoleChanges,
    settings::Settings,
};

/// The running provider, as its endpoints see it.
#[derive(Debug)]
pub(crate) struct ProviderState {
    /// `http://127.0.0.1:4000` or the origin of the settings, and the path of the settings.
    pub(crate) issuer: String,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) pushed_requests: PushedRequests,
    pub(crate) role_changes: RoleChanges,
    pub(crate) outage: Outage,
    pub(crate) proofs: Proofs,
    pub(crate) keys: Keys,
    pub(crate) grants: Grants,
    /// The `jti` of every assertion that was taken.
    pub(crate) assertions: Mutex<HashSet<String>>,
    pub(crate) browser_sessions: BrowserSessions,
    /// The client's answers to logout tokens, oldest first. `None`: none in time.
    pub(crate) logout_answers: Mutex<Vec<Option<u16>>>,
    /// Every request so far.
    pub(crate) calls: Calls,
    pub(crate) faults: Faults,
    /// Is told after each answer.
    pub(crate) answered: Arc<Notify>,
}

/// How handlers hold it.
pub(crate) type Shared = Arc<ProviderState>;

impl ProviderState {
    /// The beginning of every address here: the issuer without a trailing slash.
    pub(crate) fn base(&self) -> &str {
        self.issuer.strip_suffix('/').unwrap_or(&self.issuer)
    }

    pub(crate) fn person(&self, username: &str) -> Option<&Person> {
        self.settings.people.iter().find(|person| person.username == username)
    }

    /// The person's roles now.
    pub(crate) fn roles(&self, person: &Person) -> Vec<String> {
        let changed = self.role_changes.of(&person.username);
        changed.unwrap_or_else(|| person.roles().map(str::to_owned).collect())
    }

    /// The person's claims now.
    pub(crate) fn claims(&self, person: &Person) -> Map<String, Value> {
        let mut claims = person.claims.clone();
        if let Some(roles) = self.role_changes.of(&person.username) {
            claims.insert("roles".to_owned(), roles.into());
        }
        claims
    }

    /// The sentence about a person. The one that was given is not right any more for a person with other roles.
    pub(crate) fn about(&self, person: &Person) -> String {
        let is_changed = self.role_changes.of(&person.username).is_some();
        let given = person.about.clone().filter(|_| !is_changed);
        given.unwrap_or_else(|| person.facts(&self.roles(person)))
    }

    /// The subject of that person's tokens.
    pub(crate) fn subject<'a>(&'a self, username: &'a str) -> &'a str {
        self.person(username).map_or(username, Person::subject)
    }
}
