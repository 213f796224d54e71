//! What the browser may know of the session: its state, never a token.
//!
//! The server puts a [`SessionState`] into the Leptos context of each render; the same value
//! travels in the HTML and is what hydration starts from, so no page asks who is signed in.

mod end_reason;

pub use end_reason::EndReason;

use crate::problem::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The session as a page or `GET /auth/session` sees it. As JSON the variant is the member
/// `status`: `anonymous`, `active`, `ended` or `unavailable`.
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
    /// Somebody was signed in with this browser, and their session has ended. As JSON
    /// `{"status":"ended","reason":"idle"}`.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// The session store cannot be asked just now: this is neither signed in nor signed out.
    Unavailable,
}

/// A signed-in person's session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActiveSession {
    /// Claims about the person, under the provider's names, limited to the server's allow-list.
    pub claims: Map<String, Value>,
    /// Roles, from the claim that the server is set to read them from.
    pub roles: Vec<String>,
    /// The issuer identifier of the provider that signed the person in (OpenID Connect Core §2).
    pub issuer: String,
    /// When the person signed in: RFC 3339, UTC, whole seconds.
    pub signed_in_at: String,
    /// Seconds until the session's absolute limit; nothing extends it.
    pub expires_in: u64,
    /// Seconds until the session ends if nothing more is asked of the server.
    pub idle_expires_in: u64,
}

impl ActiveSession {
    /// What to call the person: the first of `name`, `preferred_username`, `email` and `sub`
    /// that is there and not empty.
    #[must_use]
    pub fn display_name(&self) -> &str {
        ["name", "preferred_username", "email", "sub"]
            .iter()
            .filter_map(|claim| self.claims.get(*claim)?.as_str())
            .find(|value| !value.is_empty())
            .unwrap_or("Signed in")
    }

    /// Whether the session has this role, compared exactly.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}

impl SessionState {
    /// The signed-in person's session, if there is one.
    #[must_use]
    pub fn active(&self) -> Option<&ActiveSession> {
        match self {
            Self::Active(session) => Some(session),
            Self::Anonymous | Self::Ended { .. } | Self::Unavailable => None,
        }
    }

    /// Why the session ended, where the server knows of one that did.
    #[must_use]
    pub fn end_reason(&self) -> Option<EndReason> {
        match self {
            Self::Ended { reason } => Some(*reason),
            Self::Anonymous | Self::Active(_) | Self::Unavailable => None,
        }
    }

    /// What a refused request says of the session: with status 401 there is none any more.
    #[must_use]
    pub fn after(problem: &Problem) -> Option<Self> {
        (problem.status == 401).then(|| match EndReason::from_problem_code(&problem.code) {
            Some(reason) => Self::Ended { reason },
            None => Self::Anonymous,
        })
    }
}

/// The state that this page was rendered with, live after hydration.
///
/// # Panics
///
/// Outside of `App`, which provides it.
#[must_use]
pub fn use_session() -> RwSignal<SessionState> {
    expect_context::<RwSignal<SessionState>>()
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
        match json.get("status").and_then(Value::as_str) {
            Some("anonymous") => Ok(Self::Anonymous),
            Some("unavailable") => Ok(Self::Unavailable),
            Some("ended") => json
                .get("reason")
                .and_then(Value::as_str)
                .and_then(EndReason::from_word)
                .map(|reason| Self::Ended { reason })
                .ok_or(NotASessionState),
            Some("active") => active(json).map(Self::Active).ok_or(NotASessionState),
            _ => Err(NotASessionState),
        }
    }
}

fn active(mut json: Value) -> Option<ActiveSession> {
    let mut take = |member: &str| json.get_mut(member).map(Value::take);
    Some(ActiveSession {
        claims: match take("claims")? {
            Value::Object(claims) => claims,
            _ => return None,
        },
        roles: match take("roles")? {
            Value::Array(roles) => roles.into_iter().map(text).collect::<Option<_>>()?,
            _ => return None,
        },
        issuer: text(take("issuer")?)?,
        signed_in_at: text(take("signed_in_at")?)?,
        expires_in: take("expires_in")?.as_u64()?,
        idle_expires_in: take("idle_expires_in")?.as_u64()?,
    })
}

fn text(json: Value) -> Option<String> {
    match json {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ActiveSession, EndReason, SessionState};
    use crate::problem::Problem;
    use serde_json::{Map, Value, json};

    fn session() -> ActiveSession {
        let claims = json!({"sub": "a1", "name": "", "email": "alice@example.org", "groups": ["one"]});
        ActiveSession {
            claims: claims.as_object().cloned().unwrap_or_else(Map::new),
            roles: vec!["editor".to_owned(), "admin".to_owned()],
            issuer: "https://provider.example".to_owned(),
            signed_in_at: "2026-11-23T04:48:47Z".to_owned(),
            expires_in: 28_800,
            idle_expires_in: 1800,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let ended = EndReason::ALL.map(|reason| SessionState::Ended { reason });
        for state in ended.into_iter().chain([
            SessionState::Anonymous,
            SessionState::Unavailable,
            SessionState::Active(session()),
        ]) {
            let json = serde_json::to_string(&state).expect("writes");
            assert_eq!(serde_json::from_str::<SessionState>(&json).expect(&json), state);
        }
    }

    #[test]
    fn the_json_is_flat_with_the_variant_as_status() {
        let json = serde_json::to_value(SessionState::Active(session())).expect("writes");
        assert_eq!(json["status"], "active");
        assert_eq!(json["claims"]["sub"], "a1");
        assert_eq!(json["expires_in"], 28_800);
        assert_eq!(
            serde_json::to_value(SessionState::Anonymous).expect("writes"),
            json!({"status": "anonymous"})
        );
        let ended = SessionState::Ended {
            reason: EndReason::RefreshRefused,
        };
        assert_eq!(
            serde_json::to_value(ended).expect("writes"),
            json!({"status": "ended", "reason": "refresh_refused"})
        );
    }

    #[test]
    fn an_end_for_a_reason_that_nobody_knows_is_refused() {
        for json in [
            json!({"status": "ended"}),
            json!({"status": "ended", "reason": "other"}),
            json!({"status": "ended", "reason": ["idle"]}),
        ] {
            assert!(SessionState::try_from(json.clone()).is_err(), "{json}");
        }
    }

    #[test]
    fn only_a_401_says_that_there_is_no_session_any_more() {
        let after = |status, code: &str| {
            SessionState::after(&Problem {
                status,
                code: code.to_owned(),
                reference: String::new(),
            })
        };
        let reason = EndReason::Elsewhere;
        assert_eq!(after(401, reason.problem_code()), Some(SessionState::Ended { reason }));
        assert_eq!(after(401, "sign_in_required"), Some(SessionState::Anonymous));
        assert_eq!(after(503, reason.problem_code()), None);
        assert_eq!(after(0, ""), None);
    }

    #[test]
    fn a_member_that_is_missing_or_of_another_type_is_refused() {
        let whole = serde_json::to_value(SessionState::Active(session())).expect("writes");
        let members: Vec<String> = whole.as_object().expect("an object").keys().cloned().collect();
        for member in members {
            for other in [None, Some(Value::Null), Some(json!(-1)), Some(json!([1]))] {
                let mut broken = whole.clone();
                let object = broken.as_object_mut().expect("an object");
                match &other {
                    None => drop(object.remove(&member)),
                    Some(value) => drop(object.insert(member.clone(), value.clone())),
                }
                assert!(SessionState::try_from(broken).is_err(), "{member} as {other:?}");
            }
        }
        assert!(SessionState::try_from(json!("active")).is_err());
    }

    #[test]
    fn a_person_is_called_by_the_first_name_that_is_not_empty() {
        let mut session = session();
        assert_eq!(session.display_name(), "alice@example.org");
        session.claims.clear();
        assert_eq!(session.display_name(), "Signed in");
    }
}
