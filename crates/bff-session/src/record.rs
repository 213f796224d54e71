//! The session record, and the sealed form of all records.

mod sealed;
pub(super) use sealed::{open, open_code_flow, open_seal, open_tokens, seal, seal_tokens};

use crate::key_ring::KeyId;
use crate::store::Version;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use time::OffsetDateTime;

/// The person of a session. The pair of issuer and subject names a person; nothing else does
/// (OpenID Connect Core §5.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The provider's issuer identifier.
    #[serde(rename = "i")]
    pub issuer: String,
    /// The person's identifier at that issuer.
    #[serde(rename = "s")]
    pub subject: String,
    /// The provider's own session (`sid`), if it names one.
    #[serde(rename = "p")]
    pub provider_session: Option<String>,
}

/// Where a person signed in from: shown to that person, and used for nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFrom {
    /// The browser's own word (`User-Agent`), at most 256 bytes. Anybody can send anything.
    #[serde(rename = "u")]
    pub user_agent: String,
    /// The address that the request came from.
    #[serde(rename = "a")]
    pub address: Option<IpAddr>,
}

/// The claims and roles of a person that are not kept, because they are too large.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The names of claims that are too long. Of one that a rule of the access table asks for, a part may be kept.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// How many roles there are beside those that are kept.
    #[serde(rename = "r", default)]
    pub roles: u32,
}

impl LeftOut {
    /// Whether everything is kept.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.claims.is_empty() && self.roles == 0
    }
}

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
    /// Without the data: it is the application's, and may hold secrets.
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
    fn all_roles(&self) -> Vec<String> {
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

/// The record that every signed-in request reads: the person, the times, and the claims that pages may see. It
/// has no member for a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserSession {
    /// The signed-in person.
    #[serde(rename = "i")]
    pub identity: Identity,
    /// Claims under the provider's names, limited to the allow-list.
    #[serde(rename = "c")]
    pub claims: Map<String, Value>,
    /// The person's roles: those that count, of the claims and of the application.
    #[serde(rename = "r")]
    pub roles: Vec<String>,
    /// The claims and roles that are not kept.
    #[serde(rename = "o", default, skip_serializing_if = "LeftOut::is_nothing")]
    pub left_out: LeftOut,
    /// The claims that the ID Token has told and userinfo has not. None in a record from before this was written down.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub only_in_id_token: Option<Vec<String>>,
    /// The place of the session that this one took the place of in its browser, where that one may not have ended: both began
    /// at once.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<[u8; 16]>,
    /// The place of the session that took the place of this one in its browser, where both began at once.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<[u8; 16]>,
    /// Where the person signed in from.
    #[serde(rename = "f")]
    pub seen_from: SeenFrom,
    /// The earlier names of the provider's session, the latest last: see [`UserSession::is_now_in`].
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_provider_sessions: Vec<String>,
    /// When the provider vouched for the person, by its clock: the `iat` of the ID Token at sign-in. Later ones are about
    /// the same authentication, and put off nothing.
    #[serde(rename = "v", with = "time::serde::timestamp")]
    pub vouched_at: OffsetDateTime,
    /// When the person signed in.
    #[serde(rename = "b", with = "time::serde::timestamp")]
    pub signed_in_at: OffsetDateTime,
    /// When the person authenticated at the provider, if it said so.
    #[serde(
        rename = "a",
        with = "time::serde::timestamp::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub authenticated_at: Option<OffsetDateTime>,
    /// In which way, if it said so: the `acr` of the ID Token (OpenID Connect Core §2).
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The application's decision about the person. A replica of an earlier version leaves this member out when it
    /// writes.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountRecord>,
    /// When a request of this session was last written down.
    #[serde(rename = "l", with = "time::serde::timestamp")]
    pub last_seen: OffsetDateTime,
}

impl UserSession {
    /// The roles of the claims, before the application's decision.
    #[must_use]
    pub fn told_roles(&self) -> &[String] {
        self.account.as_ref().map_or(&self.roles, |account| &account.told_roles)
    }

    /// The claims tell these roles from now on. The application's decision stays.
    pub fn tell_roles(&mut self, told: Vec<String>) {
        match &mut self.account {
            Some(account) => {
                account.told_roles = told;
                self.roles = account.all_roles();
            }
            None => self.roles = told,
        }
    }

    /// Stores the application's decision. The roles of the claims are kept beside it, with any `account`. None: the
    /// application decides nothing.
    pub fn decide(&mut self, account: Option<AccountRecord>) {
        let told = self.told_roles().to_vec();
        self.account = account;
        self.tell_roles(told);
    }
}

/// A session as it was read, and the version of its record, so that a change can name the record that it changes.
#[derive(Clone, Debug)]
pub struct LiveSession {
    session: Arc<UserSession>,
    pub(super) version: Version,
    pub(super) sealed_with: KeyId,
}

impl Deref for LiveSession {
    type Target = UserSession;

    fn deref(&self) -> &UserSession {
        &self.session
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
