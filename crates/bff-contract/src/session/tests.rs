use super::{ActiveSession, EndReason, LeftOut, SessionState};
use crate::problem::Problem;
use serde_json::{Map, Value, json};

fn session() -> ActiveSession {
    let claims = json!({"sub": "a1", "name": "", "email": "alice@example.org", "groups": ["one"]});
    ActiveSession {
        claims: claims.as_object().cloned().unwrap_or_else(Map::new),
        roles: vec!["editor".to_owned(), "admin".to_owned()],
        left_out: None,
        issuer: "https://provider.example".to_owned(),
        signed_in_at: "2026-11-23T04:48:47Z".to_owned(),
        authenticated_ago: Some(12),
        acr: Some("mfa".to_owned()),
        expires_in: 28_800,
        idle_expires_in: 1800,
        warning: 120,
    }
}

#[test]
fn a_state_that_is_written_is_read_again() {
    let ended = EndReason::ALL.map(|reason| SessionState::Ended { reason });
    for state in ended.into_iter().chain([
        SessionState::Anonymous,
        SessionState::Degraded(None),
        SessionState::Degraded(Some(session())),
        SessionState::Expiring(session()),
        SessionState::Active(session()),
        SessionState::Active(ActiveSession {
            authenticated_ago: None,
            ..session()
        }),
        SessionState::Active(ActiveSession {
            left_out: Some(LeftOut {
                claims: vec!["groups".to_owned()],
                roles: 36,
            }),
            ..session()
        }),
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
fn a_network_that_is_away_signs_nobody_in_or_out() {
    let active = SessionState::Active(session());
    assert_eq!(active.degraded(), SessionState::Degraded(Some(session())));
    assert_eq!(active.degraded().active(), active.active());
    for nobody in [
        SessionState::Anonymous,
        SessionState::Ended {
            reason: EndReason::Idle,
        },
    ] {
        assert_eq!(nobody.degraded(), nobody);
    }
}

#[test]
fn only_a_401_says_that_there_is_no_session_any_more() {
    let after = |status, code: &str| {
        SessionState::after(&Problem {
            status,
            code: code.to_owned(),
            ..Problem::default()
        })
    };
    let reason = EndReason::Elsewhere;
    assert_eq!(
        after(401, reason.problem_code().as_str()),
        Some(SessionState::Ended { reason })
    );
    assert_eq!(after(401, "sign_in_required"), Some(SessionState::Anonymous));
    assert_eq!(after(503, reason.problem_code().as_str()), None);
    assert_eq!(after(401, "step_up_required"), None, "the session goes on");
    assert_eq!(after(0, ""), None);
}

#[test]
fn a_member_that_is_missing_or_of_another_type_is_refused() {
    let whole = serde_json::to_value(SessionState::Active(session())).expect("writes");
    let members: Vec<String> = whole.as_object().expect("an object").keys().cloned().collect();
    for member in members {
        for other in [None, Some(Value::Null), Some(json!(-1)), Some(json!([1]))] {
            if ["acr", "authenticated_ago"].contains(&member.as_str()) && other.is_none() {
                // These two members are optional. A session without them satisfies no rule that asks for them.
                continue;
            }
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
fn an_authentication_grows_older_while_the_page_is_open() {
    let ago = |state: &SessionState| state.active().and_then(|session| session.authenticated_ago);
    for state in [
        SessionState::Active(session()),
        SessionState::Expiring(session()),
        SessionState::Degraded(Some(session())),
    ] {
        assert_eq!(ago(&state.later_by(300)), Some(312));
        assert_eq!(ago(&state.later_by(u64::MAX)), Some(u64::MAX));
    }
    let unknown = SessionState::Active(ActiveSession {
        authenticated_ago: None,
        ..session()
    });
    assert_eq!(ago(&unknown.later_by(300)), None);
}

#[test]
fn a_person_is_called_by_the_first_name_that_is_not_empty() {
    let mut session = session();
    assert_eq!(session.display_name(), "alice@example.org");
    session.claims.clear();
    assert_eq!(session.display_name(), "Signed in");
}
