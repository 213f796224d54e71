//! A live session as pages may know it, read from its record.
//!
//! `GET /auth/session` writes the JSON straight from the record. Pages and rules of access get a [`SessionState`], which
//! has a copy of the claims.

use bff_contract::session::{ActiveSession, LeftOut, SessionState};
use bff_session::{Lifetime, UserSession};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The parts of a record that pages may know. As JSON it is the [`SessionState`] of the session.
#[derive(Serialize)]
pub(crate) struct ShownSession<'a> {
    status: &'static str,
    claims: &'a Map<String, Value>,
    roles: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<ShownLeftOut<'a>>,
    issuer: &'a str,
    signed_in_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticated_ago: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    expires_in: u64,
    idle_expires_in: u64,
    warning: u64,
}

#[derive(Serialize)]
struct ShownLeftOut<'a> {
    claims: &'a [String],
    roles: u32,
}

const EXPIRING: &str = "expiring";

impl<'a> ShownSession<'a> {
    pub(crate) fn of(session: &'a UserSession, lifetime: Lifetime, now: OffsetDateTime) -> Self {
        // Records have whole seconds.
        let whole = |time: OffsetDateTime| time.replace_nanosecond(0).unwrap_or(time);
        let now = whole(now);
        let seconds_since = |then: OffsetDateTime| u64::try_from((now - then).whole_seconds()).unwrap_or(0);
        let seconds_until = |end: OffsetDateTime| u64::try_from((end - now).whole_seconds()).unwrap_or(0);
        let expires_in = seconds_until(lifetime.absolute_end(session));
        let idle_expires_in = seconds_until(lifetime.idle_end(session));
        let warning = lifetime.warning().whole_seconds().unsigned_abs();
        let is_expiring = expires_in.min(idle_expires_in) <= warning;
        Self {
            status: if is_expiring { EXPIRING } else { "active" },
            claims: &session.claims,
            roles: &session.roles,
            left_out: (!session.left_out.is_nothing()).then_some(ShownLeftOut {
                claims: &session.left_out.claims,
                roles: session.left_out.roles,
            }),
            issuer: &session.identity.issuer,
            signed_in_at: whole(session.signed_in_at).format(&Rfc3339).unwrap_or_default(),
            authenticated_ago: session.authenticated_at.map(seconds_since),
            acr: session.acr.as_deref(),
            expires_in,
            idle_expires_in,
            warning,
        }
    }

    /// The same with parts of its own.
    pub(crate) fn to_state(&self) -> SessionState {
        let session = ActiveSession {
            claims: self.claims.clone(),
            roles: self.roles.to_vec(),
            left_out: self.left_out.as_ref().map(|left_out| LeftOut {
                claims: left_out.claims.to_vec(),
                roles: left_out.roles,
            }),
            issuer: self.issuer.to_owned(),
            signed_in_at: self.signed_in_at.clone(),
            authenticated_ago: self.authenticated_ago,
            acr: self.acr.map(str::to_owned),
            expires_in: self.expires_in,
            idle_expires_in: self.idle_expires_in,
            warning: self.warning,
        };
        if self.status == EXPIRING {
            SessionState::Expiring(session)
        } else {
            SessionState::Active(session)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bff_session::{Identity, SeenFrom};
    use serde_json::json;
    use time::Duration;

    const LIFETIME: Lifetime = Lifetime {
        idle: Duration::minutes(30),
        absolute: Duration::hours(8),
    };

    fn session(now: OffsetDateTime) -> UserSession {
        let claims = json!({ "sub": "a", "name": "\"<é>\"", "groups": ["one", { "two": null }] });
        UserSession {
            identity: Identity {
                issuer: "https://op.example".to_owned(),
                subject: "a".to_owned(),
                provider_session: Some("never shown".to_owned()),
            },
            claims: claims.as_object().cloned().unwrap_or_default(),
            roles: vec!["viewer".to_owned()],
            left_out: bff_session::LeftOut::default(),
            only_in_id_token: None,
            replaces: None,
            replaced_by: None,
            seen_from: SeenFrom::default(),
            earlier_provider_sessions: Vec::new(),
            vouched_at: now,
            signed_in_at: now,
            authenticated_at: None,
            acr: None,
            account: None,
            last_seen: now,
        }
    }

    #[test]
    fn a_session_is_written_as_its_state_is_written() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::milliseconds(7);
        let plain = session(now);
        let with_everything = UserSession {
            left_out: bff_session::LeftOut {
                claims: vec!["photo".to_owned()],
                roles: 3,
            },
            authenticated_at: Some(now - Duration::minutes(5)),
            acr: Some("mfa".to_owned()),
            ..session(now)
        };
        for session in [plain, with_everything] {
            for (later, status) in [(0, "active"), (29, "expiring")] {
                let shown = ShownSession::of(&session, LIFETIME, now + Duration::minutes(later));
                let written = serde_json::to_string(&shown).expect("JSON");
                let state = shown.to_state();
                assert_eq!(written, serde_json::to_string(&state).expect("JSON"));
                assert_eq!(serde_json::from_str::<SessionState>(&written).expect("a state"), state);
                assert!(written.contains(&format!("\"status\":\"{status}\"")), "{written}");
                assert!(!written.contains("never shown"));
            }
        }
    }
}
