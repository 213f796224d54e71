//! Sessions as an administrator sees them.

use serde::{Deserialize, Serialize};

/// A live session of anybody. It never travels with anything that would let somebody use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedSession {
    /// The session's name in a request to end it: opaque, safe in an address, and not the session's id.
    pub name: String,
    /// Whether it is the session that asks.
    pub current: bool,
    /// The person's `sub` at the provider.
    pub subject: String,
    /// When the person signed in: RFC 3339, UTC, whole seconds.
    pub signed_in_at: String,
    /// When something was last asked of the server: RFC 3339, UTC, whole seconds. Written down at most once a minute.
    pub last_seen: String,
    /// When the session ends if nothing more is asked of the server: RFC 3339, UTC, whole seconds.
    pub ends_at: String,
    /// The `User-Agent` that the browser sent at the sign-in, at most 256 bytes: untrusted.
    pub user_agent: String,
    /// The address from which the person signed in, where the server knows it.
    pub address: Option<String>,
    /// The way in which the person authenticated, if the provider said so.
    pub acr: Option<String>,
}

/// A page of sessions, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllSessions {
    /// The sessions.
    pub sessions: Vec<ListedSession>,
    /// The place after which the next page begins. None: there is no next page.
    pub next: Option<String>,
}

#[cfg(feature = "ssr")]
impl AllSessions {
    /// `this` is the name of the session that asks.
    pub(super) fn of(page: axum_bff::administration::AdministeredSessions, this: Option<&str>) -> Self {
        use crate::server_functions::rfc3339;
        let sessions = page.sessions.into_iter().map(|session| ListedSession {
            current: this == Some(session.name.as_str()),
            name: session.name,
            subject: session.subject,
            signed_in_at: rfc3339(session.signed_in_at),
            last_seen: rfc3339(session.last_seen),
            ends_at: rfc3339(session.ends_at),
            user_agent: session.user_agent,
            address: session.address.map(|address| address.to_string()),
            acr: session.acr,
        });
        Self {
            sessions: sessions.collect(),
            next: page.next,
        }
    }
}
