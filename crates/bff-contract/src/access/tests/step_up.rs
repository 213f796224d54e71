//! Rules about the authentication: how fresh it is, how it was done, and where a person authenticates again.

use super::{authenticated, session, within};
use crate::access::{Decision, Missing, Rule, StepUp, Table, decide};
use crate::session::{ActiveSession, SessionState};

/// IDT-16
#[test]
fn an_authentication_is_fresh_up_to_its_last_second_and_never_by_silence() {
    let step_up = Decision::StepUp(within(300));
    for (ago, expected) in [
        (Some(0), Decision::Allow),
        (Some(300), Decision::Allow),
        (Some(301), step_up),
        (Some(u64::MAX), step_up),
        (None, step_up),
    ] {
        assert_eq!(decide(Rule::Fresh(300), &authenticated(ago)), expected, "{ago:?}");
        let is_allowed = decide(Rule::Prompted(300), &authenticated(ago)) == Decision::Allow;
        assert_eq!(is_allowed, expected == Decision::Allow, "{ago:?}");
    }
}

#[test]
fn several_rules_are_held_all_and_a_refusal_comes_before_a_step_up() {
    const FRESH_ADMIN: Rule = Rule::All(&[Rule::Fresh(60), Rule::Role("admin"), Rule::Fresh(300)]);
    let admin = |ago| {
        SessionState::Active(ActiveSession {
            roles: vec!["admin".to_owned()],
            authenticated_ago: ago,
            ..session()
        })
    };
    let missing = Decision::Forbidden(Missing::Role("admin"));
    for (state, expected) in [
        (authenticated(None), missing),
        (authenticated(Some(0)), missing),
        (admin(None), Decision::StepUp(within(60))),
        (admin(Some(61)), Decision::StepUp(within(60))),
        (admin(Some(60)), Decision::Allow),
    ] {
        assert_eq!(decide(FRESH_ADMIN, &state), expected, "{state:?}");
    }
    let inside = Rule::All(&[FRESH_ADMIN, Rule::Claim("email_verified", "true")]);
    assert_eq!(
        decide(inside, &admin(Some(0))),
        Decision::Forbidden(Missing::Claim("email_verified"))
    );
}

#[test]
fn the_longest_age_of_several_rules_is_the_shortest_of_theirs() {
    let nested = Rule::All(&[Rule::Fresh(300), Rule::All(&[Rule::Fresh(60), Rule::SignedIn])]);
    assert_eq!(nested.step_up(), within(60));
    assert_eq!(Rule::All(&[Rule::Role("admin")]).step_up(), StepUp::default());
    let strong = Rule::All(&[Rule::Acr(&["mfa"]), Rule::Prompted(60), Rule::Fresh(300)]).step_up();
    assert_eq!(
        (strong.max_age, strong.prompted, strong.acr),
        (Some(60), true, &["mfa"][..])
    );
}

/// AUTHZ-11
#[test]
fn a_person_is_sent_to_a_page_that_asks_for_enough() {
    let access = Table::new(&[("/orders/{id}", Rule::Fresh(300)), ("/erase", Rule::Fresh(300))]).access();
    assert_eq!(access.page_to_step_up_on("/notes", within(300)), Some("/erase"));
    for asked in ["/erase", "/orders/7"] {
        assert_eq!(
            access.page_to_step_up_on(asked, within(300)),
            None,
            "{asked} itself asks for enough"
        );
    }
    assert_eq!(
        access.page_to_step_up_on("/notes", within(299)),
        None,
        "no page asks for enough"
    );
    let prompted = StepUp {
        prompted: true,
        ..within(300)
    };
    assert_eq!(access.page_to_step_up_on("/notes", prompted), None);
}

/// IDT-16
#[test]
fn a_way_of_authenticating_is_one_of_those_that_are_named() {
    const STRONG: Rule = Rule::Acr(&["urn:example:mfa", "phr"]);
    let session = |acr: Option<&str>| {
        SessionState::Active(ActiveSession {
            acr: acr.map(str::to_owned),
            ..session()
        })
    };
    let step_up = Decision::StepUp(StepUp {
        acr: &["urn:example:mfa", "phr"],
        ..StepUp::default()
    });
    for (acr, expected) in [
        (Some("urn:example:mfa"), Decision::Allow),
        (Some("phr"), Decision::Allow),
        (Some("PHR"), step_up),
        (Some("urn:example:mfa phr"), step_up),
        (Some(""), step_up),
        (None, step_up),
    ] {
        assert_eq!(decide(STRONG, &session(acr)), expected, "{acr:?}");
    }
    let admin = Rule::All(&[STRONG, Rule::Role("admin")]);
    assert_eq!(
        decide(admin, &session(None)),
        Decision::Forbidden(Missing::Role("admin")),
        "nobody is sent to the provider for a page that is refused afterwards"
    );
}
