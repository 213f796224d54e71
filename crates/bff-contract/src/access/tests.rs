mod checks;
mod step_up;
mod table_macro;

use super::{Decision, Flaw, Missing, Rule, StepUp, Table, Unusable, decide};
use crate::session::{ActiveSession, EndReason, SessionState};
use serde_json::{Map, Value, json};

fn session() -> ActiveSession {
    ActiveSession {
        claims: Map::new(),
        roles: Vec::new(),
        left_out: None,
        issuer: "https://provider.example".to_owned(),
        signed_in_at: "2026-11-23T04:48:47Z".to_owned(),
        authenticated_ago: None,
        acr: None,
        expires_in: 60,
        idle_expires_in: 60,
        warning: 10,
    }
}

fn with_roles(roles: &[&str]) -> SessionState {
    SessionState::Active(ActiveSession {
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..session()
    })
}

fn with_claim(name: &str, value: Value) -> SessionState {
    SessionState::Active(ActiveSession {
        claims: Map::from_iter([(name.to_owned(), value)]),
        ..session()
    })
}

/// The same session in each state that has a session.
fn in_each_state(state: &SessionState) -> [SessionState; 3] {
    let session = || state.active().cloned();
    [
        state.clone(),
        SessionState::Expiring(session().expect("somebody is signed in")),
        SessionState::Degraded(session()),
    ]
}

fn authenticated(ago: Option<u64>) -> SessionState {
    SessionState::Active(ActiveSession {
        authenticated_ago: ago,
        ..session()
    })
}

/// A step-up to an authentication that is at most so many seconds old.
fn within(seconds: u64) -> StepUp {
    StepUp {
        max_age: Some(seconds),
        ..StepUp::default()
    }
}

#[test]
fn the_most_specific_line_decides_about_a_path() {
    let access = Table::new(&[
        ("/orders/{id}", Rule::Role("clerk")),
        ("/orders/new", Rule::Role("buyer")),
        ("/admin/{*rest}", Rule::Role("admin")),
        ("/admin/help/{page}", Rule::Public),
        ("/{page}", Rule::Fresh(60)),
    ])
    .access();
    assert_eq!(access.unusable(), []);
    for (path, expected) in [
        ("/orders/7", Rule::Role("clerk")),
        ("/orders/%37", Rule::Role("clerk")),
        ("/orders/new", Rule::Role("buyer")),
        ("/orders/", Rule::SignedIn),
        ("/orders/7/lines", Rule::SignedIn),
        ("/admin/a", Rule::Role("admin")),
        ("/admin/a/b/c", Rule::Role("admin")),
        ("/admin//", Rule::Role("admin")),
        ("/admin/help", Rule::Role("admin")),
        ("/admin/help/start", Rule::Public),
        ("/admin/help/start/more", Rule::Role("admin")),
        ("/admin", Rule::Fresh(60)),
        ("/Admin/a", Rule::SignedIn),
        ("/", Rule::SignedIn),
        ("", Rule::SignedIn),
    ] {
        assert_eq!(access.rule(path), expected, "{path:?}");
    }
    assert_eq!(
        (access.line("/orders/7"), access.line("/")),
        (Some("/orders/{id}"), None)
    );
}

#[test]
fn a_line_that_the_table_cannot_hold_is_named_and_opens_nothing() {
    let access = Table::new(&[
        ("/a/{id}", Rule::SignedIn),
        ("/a/{name}", Rule::Public),
        ("/b", Rule::Role("admin")),
        ("/b", Rule::Public),
        ("/c/{*rest}/d", Rule::Public),
        ("/e", Rule::Any(&[])),
    ])
    .access();
    let named: Vec<_> = access.unusable().iter().map(|(path, _)| *path).collect();
    assert_eq!(named, ["/a/{name}", "/b", "/c/{*rest}/d", "/e"]);
    assert_eq!(access.unusable()[0].1, Unusable::Same("/a/{id}".to_owned()));
    assert_eq!(access.unusable()[1].1, Unusable::Twice);
    assert_eq!(access.unusable()[3].1, Unusable::Rule(Flaw::AnyOfNothing));
    for (path, expected) in [
        ("/a/7", Rule::SignedIn),
        ("/b", Rule::Role("admin")),
        ("/c/x/d", Rule::SignedIn),
        ("/e", Rule::SignedIn),
    ] {
        assert_eq!(access.rule(path), expected, "{path}");
    }
}

#[test]
fn one_of_several_rules_is_enough() {
    const STAFF_OR_FRESH: Rule = Rule::Any(&[Rule::Role("staff"), Rule::Fresh(60)]);
    const CLERK_OR_ADMIN: Rule = Rule::Any(&[Rule::Role("clerk"), Rule::Role("admin")]);
    let missing = Decision::Forbidden(Missing::Other);
    for (rule, state, expected) in [
        (CLERK_OR_ADMIN, with_roles(&["admin"]), Decision::Allow),
        (CLERK_OR_ADMIN, with_roles(&["clerk"]), Decision::Allow),
        (CLERK_OR_ADMIN, with_roles(&["staff"]), missing),
        (CLERK_OR_ADMIN, SessionState::Anonymous, Decision::SignIn),
        (STAFF_OR_FRESH, with_roles(&["staff"]), Decision::Allow),
        (STAFF_OR_FRESH, authenticated(Some(60)), Decision::Allow),
        (STAFF_OR_FRESH, authenticated(Some(61)), Decision::StepUp(within(60))),
        (
            Rule::Any(&[Rule::Role("a")]),
            with_roles(&[]),
            Decision::Forbidden(Missing::Role("a")),
        ),
        (Rule::Any(&[Rule::Public]), SessionState::Anonymous, Decision::SignIn),
        (Rule::Any(&[]), with_roles(&["admin"]), missing),
    ] {
        assert_eq!(decide(rule, &state), expected, "{rule} {state:?}");
    }
    assert_eq!(
        STAFF_OR_FRESH.step_up(),
        within(60),
        "a sign-in for the page asks for a fresh authentication"
    );
}

#[test]
fn a_rule_can_be_turned_round_where_that_means_something() {
    const NOT_A_GUEST: Rule = Rule::Not(&Rule::Role("guest"));
    let missing = Decision::Forbidden(Missing::Other);
    for (rule, state, expected) in [
        (NOT_A_GUEST, with_roles(&[]), Decision::Allow),
        (NOT_A_GUEST, with_roles(&["guest", "admin"]), missing),
        (NOT_A_GUEST, SessionState::Anonymous, Decision::SignIn),
        (
            Rule::All(&[NOT_A_GUEST, Rule::Role("admin")]),
            with_roles(&["admin"]),
            Decision::Allow,
        ),
        (
            Rule::Any(&[NOT_A_GUEST, Rule::Role("admin")]),
            with_roles(&["admin", "guest"]),
            Decision::Allow,
        ),
    ] {
        assert_eq!(decide(rule, &state), expected, "{rule} {state:?}");
    }
    for (rule, flaw) in [
        (Rule::Not(&Rule::Public), Flaw::Not),
        (Rule::Not(&Rule::SignedIn), Flaw::Not),
        (Rule::Not(&Rule::Fresh(60)), Flaw::Not),
        (Rule::Not(&Rule::All(&[Rule::Role("a"), Rule::Acr(&["b"])])), Flaw::Not),
        (Rule::All(&[Rule::Not(&Rule::SignedIn)]), Flaw::Not),
        (Rule::Any(&[Rule::Fresh(60), Rule::Acr(&["b"])]), Flaw::StepUps),
        (Rule::All(&[Rule::Acr(&["a", "b"]), Rule::Acr(&["b", "c"])]), Flaw::Ways),
        (
            Rule::All(&[Rule::Acr(&["a"]), Rule::All(&[Rule::Role("r"), Rule::Acr(&["b"])])]),
            Flaw::Ways,
        ),
        (Rule::All(&[Rule::Any(&[])]), Flaw::AnyOfNothing),
    ] {
        assert_eq!(rule.flaw(), Some(flaw), "{rule}");
    }
    assert_eq!(
        Rule::Not(&Rule::Any(&[Rule::Role("a"), Rule::Claim("b", "c")])).flaw(),
        None
    );
}

#[test]
fn a_rule_that_nobody_satisfies_lets_no_session_in_and_sends_nobody_to_authenticate() {
    const FRESH_AND_NOBODY: Rule = Rule::All(&[Rule::Fresh(60), Rule::Nobody]);
    const ADMIN_OR_NOBODY: Rule = Rule::Any(&[Rule::Nobody, Rule::Role("admin")]);
    let refused = Decision::Forbidden(Missing::Other);
    for (rule, state, expected) in [
        (Rule::Nobody, with_roles(&["admin"]), refused),
        (Rule::Nobody, SessionState::Anonymous, Decision::SignIn),
        (FRESH_AND_NOBODY, authenticated(Some(61)), refused),
        (FRESH_AND_NOBODY, authenticated(Some(1)), refused),
        (ADMIN_OR_NOBODY, with_roles(&["admin"]), Decision::Allow),
    ] {
        assert_eq!(decide(rule, &state), expected, "{rule} {state:?}");
    }
    assert_eq!(Rule::Nobody.flaw(), None);
    assert_eq!(Rule::Not(&Rule::Nobody).flaw(), Some(Flaw::Not));
    assert_eq!(Rule::Nobody.to_string(), "nobody");
}

#[test]
fn a_rule_is_said_in_words() {
    let rule = Rule::All(&[
        Rule::Any(&[Rule::Role("a"), Rule::Claim("b", "c")]),
        Rule::Not(&Rule::Role("d")),
        Rule::Fresh(60),
    ]);
    assert_eq!(
        rule.to_string(),
        "all of (any of (role a, claim b = c), not role d, authenticated at most 60 s ago)"
    );
}

#[test]
fn every_rule_but_public_asks_for_a_session() {
    let reason = EndReason::Idle;
    let states = [
        (SessionState::Anonymous, Decision::SignIn),
        (SessionState::Degraded(None), Decision::Unavailable),
        (SessionState::Ended { reason }, Decision::SessionEnded(reason)),
    ];
    for (state, expected) in states {
        assert_eq!(decide(Rule::Public, &state), Decision::Allow);
        for rule in [
            Rule::SignedIn,
            Rule::Role("admin"),
            Rule::Claim("email_verified", "true"),
            Rule::Fresh(u64::MAX),
            Rule::All(&[]),
            Rule::All(&[Rule::Public]),
        ] {
            assert_eq!(decide(rule, &state), expected, "{rule:?} {state:?}");
        }
    }
    for rule in [Rule::Public, Rule::SignedIn, Rule::All(&[])] {
        assert_eq!(decide(rule, &with_roles(&[])), Decision::Allow, "{rule:?}");
    }
}

#[test]
fn a_role_is_compared_exactly() {
    let missing = Decision::Forbidden(Missing::Role("admin"));
    for (roles, expected) in [
        (&[][..], missing),
        (&["Admin", "administrator", "admin "], missing),
        (&["editor", "admin"], Decision::Allow),
    ] {
        for state in in_each_state(&with_roles(roles)) {
            assert_eq!(decide(Rule::Role("admin"), &state), expected, "{state:?}");
        }
    }
}

#[test]
fn a_claim_has_exactly_the_value_or_has_it_among_others() {
    let verified = Rule::Claim("email_verified", "true");
    let missing = Decision::Forbidden(Missing::Claim("email_verified"));
    for (value, expected) in [
        (json!(true), Decision::Allow),
        (json!("true"), Decision::Allow),
        (json!(["other", "true"]), Decision::Allow),
        (json!([true]), Decision::Allow),
        (json!(false), missing),
        (json!("True"), missing),
        (json!(" true"), missing),
        (json!("true, or so"), missing),
        (json!(1), missing),
        (Value::Null, missing),
        (json!([]), missing),
        (json!([["true"]]), missing),
        (json!({"true": true}), missing),
    ] {
        let state = with_claim("email_verified", value.clone());
        assert_eq!(decide(verified, &state), expected, "{value}");
    }
    assert_eq!(decide(verified, &with_claim("verified", json!(true))), missing);
    let has_three = |value| decide(Rule::Claim("level", "3"), &with_claim("level", value));
    for value in [json!(3), json!("3"), json!([1, 3])] {
        assert_eq!(has_three(value), Decision::Allow);
    }
    for value in [json!(3.0), json!(33), json!(-3)] {
        assert_eq!(has_three(value), Decision::Forbidden(Missing::Claim("level")));
    }
}
