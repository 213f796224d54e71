//! The state of the session, which the browser may know. It holds no token.

mod active;
mod claims;
mod end_reason;

pub use active::{ActiveSession, LeftOut};
pub use claims::ClaimsError;
pub use end_reason::EndReason;

use crate::problem::{Code, Problem};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// The name of the header of a request that a page makes by itself, such as one for a list that has changed elsewhere. Such a
/// request does not count as activity of the person, whatever the header's value is. So it does not put off the idle limit.
pub const UNATTENDED: &str = "x-unattended";

/// The session as a page, `GET /auth/session` or an event of `GET /auth/events` sees it. As JSON
/// the variant is the member `status`: `anonymous`, `active`, `expiring`, `degraded` or `ended`.
///
/// It is read by way of [`Value`], as everything is that the browser reads: a derived reader is
/// generated again for each source it reads from, and weighed a fifth of the WASM.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case", try_from = "Value")]
pub enum SessionState {
    /// Nobody is signed in.
    #[default]
    Anonymous,
    /// Somebody is signed in.
    Active(ActiveSession),
    /// Somebody is signed in, and the session is so near to one of its limits that it is time to
    /// say so: [`ActiveSession::warning`].
    Expiring(ActiveSession),
    /// Nobody can tell just now, because the network or the session store is away: this is neither
    /// signed in nor signed out. A page that was open keeps the session that it knew until its time
    /// is over; the server, which remembers nothing, says it without one.
    Degraded(#[serde(serialize_with = "session_or_nothing")] Option<ActiveSession>),
    /// Somebody was signed in with this browser, and their session has ended. As JSON
    /// `{"status":"ended","reason":"idle"}`.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

impl SessionState {
    /// The signed-in person's session, if there is one as far as anybody knows.
    #[must_use]
    pub fn active(&self) -> Option<&ActiveSession> {
        match self {
            Self::Active(session) | Self::Expiring(session) | Self::Degraded(Some(session)) => Some(session),
            Self::Anonymous | Self::Ended { .. } | Self::Degraded(None) => None,
        }
    }

    /// Why the session ended, where the server knows of one that did.
    #[must_use]
    pub fn end_reason(&self) -> Option<EndReason> {
        match self {
            Self::Ended { reason } => Some(*reason),
            _ => None,
        }
    }

    /// The state that a refused request tells: with status 401 there is none any more, unless
    /// the person is only asked to sign in once more for it.
    #[must_use]
    pub fn after(problem: &Problem) -> Option<Self> {
        let is_over = problem.status == 401 && problem.code != Code::StepUpRequired.as_str();
        is_over.then(|| match EndReason::from_problem_code(&problem.code) {
            Some(reason) => Self::Ended { reason },
            None => Self::Anonymous,
        })
    }

    /// The state as it stands so many seconds after it was received, if nothing happened meanwhile.
    #[must_use]
    pub fn later_by(&self, seconds: u64) -> Self {
        let mut later = self.clone();
        if let Self::Active(session) | Self::Expiring(session) | Self::Degraded(Some(session)) = &mut later {
            session.authenticated_ago = session.authenticated_ago.map(|ago| ago.saturating_add(seconds));
        }
        later
    }

    /// The same session, while it is unknown whether it goes on. A person who was not signed in is not signed in by it.
    #[must_use]
    pub fn degraded(&self) -> Self {
        match self.active() {
            Some(session) => Self::Degraded(Some(session.clone())),
            None => self.clone(),
        }
    }
}

#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn session_or_nothing<S: Serializer>(session: &Option<ActiveSession>, serializer: S) -> Result<S::Ok, S::Error> {
    match session {
        Some(session) => session.serialize(serializer),
        None => serializer.serialize_unit(),
    }
}

/// JSON that is not a session's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASessionState;

impl std::fmt::Display for NotASessionState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this is not the state of a session")
    }
}

impl std::error::Error for NotASessionState {}

impl TryFrom<Value> for SessionState {
    type Error = NotASessionState;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        let status = json.get("status").and_then(Value::as_str).unwrap_or_default();
        let read = match status {
            "anonymous" => Some(Self::Anonymous),
            "ended" => json
                .get("reason")
                .and_then(Value::as_str)
                .and_then(EndReason::from_word)
                .map(|reason| Self::Ended { reason }),
            "degraded" if json.get("claims").is_none() => Some(Self::Degraded(None)),
            "degraded" => ActiveSession::read(json).map(|session| Self::Degraded(Some(session))),
            "expiring" => ActiveSession::read(json).map(Self::Expiring),
            "active" => ActiveSession::read(json).map(Self::Active),
            _ => None,
        };
        read.ok_or(NotASessionState)
    }
}

#[cfg(test)]
mod tests;
