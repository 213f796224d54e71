//! Roles that the desk gave and took. They stand in place of the roles in the person's claims, in memory only.

use std::{collections::HashMap, sync::Mutex};

use crate::{lock::lock, person::Person};

/// The longest role that can be given, in characters.
pub(crate) const LONGEST_ROLE: usize = 64;

/// The present roles of every person whose roles were changed, by username.
#[derive(Debug, Default)]
pub(crate) struct RoleChanges(Mutex<HashMap<String, Vec<String>>>);

impl RoleChanges {
    /// The person's present roles. `None`: they were not changed.
    pub(crate) fn of(&self, username: &str) -> Option<Vec<String>> {
        lock(&self.0).get(username).cloned()
    }

    pub(crate) fn give(&self, person: &Person, role: &str) {
        self.change(person, |roles| {
            if !roles.iter().any(|given| given == role) {
                roles.push(role.to_owned());
            }
        });
    }

    pub(crate) fn take(&self, person: &Person, role: &str) {
        self.change(person, |roles| roles.retain(|given| given != role));
    }

    /// A person whose roles are those of the claims again has no change any more.
    fn change(&self, person: &Person, change: impl FnOnce(&mut Vec<String>)) {
        let mut changes = lock(&self.0);
        let first: Vec<String> = person.roles().map(str::to_owned).collect();
        let mut roles = changes.remove(&person.username).unwrap_or_else(|| first.clone());
        change(&mut roles);
        if roles != first {
            changes.insert(person.username.clone(), roles);
        }
    }
}
