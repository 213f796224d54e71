//! What an administrator sees of a session.

use bff_session::{Lifetime, UserSession};
use serde::{Serialize, Serializer, ser};
use std::net::IpAddr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A live session as an administrator sees it. It has no token, no claim but those that name the person, and nothing that would
/// let somebody use the session. As JSON, times are in the form of RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdministeredSession {
    /// The name by which [`Administration::end`](super::Administration::end) ends it: opaque, safe in an address, and not the
    /// session's id.
    pub name: String,
    /// The person's `sub` at the issuer.
    pub subject: String,
    /// The provider's issuer identifier.
    pub issuer: String,
    /// When the person signed in.
    #[serde(serialize_with = "rfc3339")]
    pub signed_in_at: OffsetDateTime,
    /// When something was last asked of the server. Written down at most once a minute.
    #[serde(serialize_with = "rfc3339")]
    pub last_seen: OffsetDateTime,
    /// When the session ends if nothing more is asked of the server.
    #[serde(serialize_with = "rfc3339")]
    pub ends_at: OffsetDateTime,
    /// When the session ends even if it is in use.
    #[serde(serialize_with = "rfc3339")]
    pub expires_at: OffsetDateTime,
    /// The address from which the person signed in, where the server knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The `User-Agent` that the browser sent at the sign-in, at most 256 bytes: untrusted.
    pub user_agent: String,
    /// The way in which the person authenticated, if the provider said so (`acr`, OpenID Connect Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
}

/// A page of sessions, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdministeredSessions {
    /// The sessions.
    pub sessions: Vec<AdministeredSession>,
    /// The place in the list after which the next page begins: opaque, safe in an address. None: there is no next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl AdministeredSession {
    pub(super) fn of(name: &str, session: &UserSession, lifetime: Lifetime) -> Self {
        Self {
            name: name.to_owned(),
            subject: session.identity.subject.clone(),
            issuer: session.identity.issuer.clone(),
            signed_in_at: session.signed_in_at,
            last_seen: session.last_seen,
            ends_at: lifetime.ends_at(session),
            expires_at: lifetime.absolute_end(session),
            address: session.seen_from.address,
            user_agent: session.seen_from.user_agent.clone(),
            acr: session.acr.clone(),
        }
    }
}

fn rfc3339<S: Serializer>(moment: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
    moment.format(&Rfc3339).map_err(ser::Error::custom)?.serialize(to)
}
