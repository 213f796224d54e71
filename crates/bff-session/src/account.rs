//! What the application itself decided of a person: roles beside those of the claims, and data of its own.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The part of a session that the application decided. It stays when the provider tells the claims again.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// The roles that the application gave.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Whether these are all of the person's roles, and those of the claims do not count.
    #[serde(rename = "o", default, skip_serializing_if = "is_false")]
    pub only_these: bool,
    /// The roles that the claims tell.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub told_roles: Vec<String>,
    /// The application's data, as JSON.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks in this form")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl fmt::Debug for AccountRecord {
    /// Without the data: it is the application's, and nobody here knows what it holds.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccountRecord")
            .field("roles", &self.roles)
            .field("only_these", &self.only_these)
            .finish_non_exhaustive()
    }
}

impl AccountRecord {
    /// The roles of the person: those of the claims and those of the application, each once.
    pub(super) fn all_roles(&self) -> Vec<String> {
        let told: &[String] = if self.only_these { &[] } else { &self.told_roles };
        let mut all = told.to_vec();
        for role in &self.roles {
            if !all.contains(role) {
                all.push(role.clone());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_the_application_come_beside_those_of_the_claims_or_in_their_place() {
        let mut account = AccountRecord {
            roles: vec!["staff".to_owned(), "admin".to_owned()],
            told_roles: vec!["admin".to_owned(), "viewer".to_owned()],
            ..AccountRecord::default()
        };
        assert_eq!(account.all_roles(), ["admin", "viewer", "staff"]);
        account.only_these = true;
        assert_eq!(account.all_roles(), ["staff", "admin"]);
    }

    #[test]
    fn the_data_of_the_application_is_not_in_its_debug_form() {
        let account = AccountRecord {
            data: Some("\"of the application\"".to_owned()),
            ..AccountRecord::default()
        };
        assert!(!format!("{account:?}").contains("of the application"));
    }
}
