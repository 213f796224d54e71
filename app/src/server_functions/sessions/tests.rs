use super::{EndOutcome, SessionList, SessionSummary, SessionsOutcome, SessionsRefusal};
use serde_json::{Value, json};

fn summary(address: Option<&str>) -> SessionSummary {
    SessionSummary {
        name: "n-1_a".to_owned(),
        current: true,
        signed_in_at: "2026-11-23T04:48:47Z".to_owned(),
        last_seen: "2026-11-23T05:48:47Z".to_owned(),
        last_seen_ago: 61,
        user_agent: "curl/8.0".to_owned(),
        address: address.map(ToOwned::to_owned),
    }
}

fn listed(sessions: Vec<SessionSummary>) -> SessionList {
    SessionList {
        sessions,
        others: 120,
        page: 2,
        pages: 3,
    }
}

#[test]
fn an_outcome_that_is_written_is_read_again() {
    let list = vec![summary(None), summary(Some("192.0.2.7"))];
    let refusals = SessionsRefusal::ALL.map(Err);
    for outcome in refusals.into_iter().chain([Ok(listed(Vec::new())), Ok(listed(list))]) {
        let json = serde_json::to_string(&SessionsOutcome(outcome.clone())).expect("writes");
        let read: SessionsOutcome = serde_json::from_str(&json).expect(&json);
        assert_eq!(read, SessionsOutcome(outcome));
    }
    for outcome in SessionsRefusal::ALL.map(Err).into_iter().chain([Ok(())]) {
        let json = serde_json::to_string(&EndOutcome(outcome)).expect("writes");
        assert_eq!(serde_json::from_str::<EndOutcome>(&json).expect(&json).0, outcome);
    }
}

#[test]
fn a_member_of_a_session_that_is_missing_or_of_another_type_is_refused() {
    let whole = Value::from(SessionsOutcome(Ok(listed(vec![summary(Some("192.0.2.7"))]))));
    for member in ["sessions", "others", "page", "pages"] {
        for other in [json!(null), json!(-1), json!("1")] {
            let mut broken = whole.clone();
            broken[member] = other;
            assert!(SessionsOutcome::try_from(broken).is_err(), "{member}");
        }
    }
    let members = whole["sessions"][0].as_object().expect("an object").clone();
    assert_eq!(members.len(), 7);
    for member in members.keys() {
        for other in [None, Some(json!(-1)), Some(json!([1]))] {
            let mut broken = members.clone();
            match &other {
                None => drop(broken.remove(member)),
                Some(value) => drop(broken.insert(member.clone(), value.clone())),
            }
            let mut json = whole.clone();
            json["sessions"] = json!([broken]);
            let outcome = SessionsOutcome::try_from(json);
            assert!(outcome.is_err(), "{member} as {other:?}");
        }
    }
}

#[test]
fn an_outcome_that_nobody_writes_is_not_read() {
    for json in [
        json!(null),
        json!({}),
        json!({"refusal": "other"}),
        json!({"ended": false}),
        json!({"sessions": {}}),
        json!({"sessions": [null]}),
    ] {
        assert!(SessionsOutcome::try_from(json.clone()).is_err(), "{json}");
        assert!(EndOutcome::try_from(json.clone()).is_err(), "{json}");
    }
}
