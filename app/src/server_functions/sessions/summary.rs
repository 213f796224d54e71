//! One session, as the list of sessions shows it.

use serde::{Deserialize, Serialize};

/// One of a person's sessions. It never travels with anything that would let somebody use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// The session's name in a request to end it: opaque, safe in an address, and not
    /// the session's id.
    pub name: String,
    /// Whether it is the session that asks.
    pub current: bool,
    /// When the person signed in: RFC 3339, UTC, whole seconds.
    pub signed_in_at: String,
    /// When something was last asked of the server: RFC 3339, UTC, whole seconds. Written down
    /// at most once a minute.
    pub last_seen: String,
    /// Seconds since `last_seen`, on the server's clock: the browser's is never compared with it.
    pub last_seen_ago: u64,
    /// Seconds until the session's absolute limit; nothing extends it.
    pub expires_in: u64,
    /// Seconds until the session ends if nothing more is asked of the server.
    pub idle_expires_in: u64,
    /// The `User-Agent` that the browser sent at the sign-in, at most 256 bytes: untrusted.
    pub user_agent: String,
    /// The address from which the person signed in, where the server knows it.
    pub address: Option<String>,
}

#[cfg(feature = "ssr")]
impl From<axum_bff::OwnSession> for SessionSummary {
    fn from(session: axum_bff::OwnSession) -> Self {
        use crate::server_functions::rfc3339;
        Self {
            name: session.name,
            current: session.is_this,
            signed_in_at: rfc3339(session.signed_in_at),
            last_seen: rfc3339(session.last_seen),
            last_seen_ago: session.last_seen_ago,
            expires_in: session.expires_in,
            idle_expires_in: session.idle_expires_in,
            user_agent: session.user_agent,
            address: session.address.map(|address| address.to_string()),
        }
    }
}
