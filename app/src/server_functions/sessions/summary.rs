//! One session, as the list of sessions shows it.

use serde_json::{Value, json};

/// One of a person's sessions. It never travels with anything that would let somebody use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// What the session is called in a request to end it: opaque, safe in an address, and not
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
    /// The `User-Agent` that the browser sent at the sign-in, at most 256 bytes: untrusted.
    pub user_agent: String,
    /// The address from which the person signed in, where the server knows it.
    pub address: Option<String>,
}

impl From<SessionSummary> for Value {
    fn from(summary: SessionSummary) -> Self {
        json!({
            "name": summary.name,
            "current": summary.current,
            "signed_in_at": summary.signed_in_at,
            "last_seen": summary.last_seen,
            "last_seen_ago": summary.last_seen_ago,
            "user_agent": summary.user_agent,
            "address": summary.address,
        })
    }
}

impl SessionSummary {
    /// Reads what was written; None if a member is missing or of another type.
    pub(super) fn read(json: &Value) -> Option<Self> {
        let text = |member: &str| json.get(member)?.as_str().map(ToOwned::to_owned);
        Some(Self {
            name: text("name")?,
            current: json.get("current")?.as_bool()?,
            signed_in_at: text("signed_in_at")?,
            last_seen: text("last_seen")?,
            last_seen_ago: json.get("last_seen_ago")?.as_u64()?,
            user_agent: text("user_agent")?,
            address: match json.get("address")? {
                Value::Null => None,
                address => Some(address.as_str()?.to_owned()),
            },
        })
    }
}
