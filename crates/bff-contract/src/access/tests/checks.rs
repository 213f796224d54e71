use super::{authenticated, with_roles, within};
use crate::access::{Decision, Flaw, Missing, Rule, Table, decide, decide_checked};
use crate::session::{EndReason, SessionState};

const OWN: Rule = Rule::Check("own");
const OPEN: Rule = Rule::Check("open");
const REFUSED: Decision = Decision::Forbidden(Missing::Other);

#[test]
fn a_check_is_asked_of_people_with_a_session_only_and_its_answer_decides() {
    let reason = EndReason::Idle;
    for (state, expected) in [
        (SessionState::Anonymous, Decision::SignIn),
        (SessionState::Ended { reason }, Decision::SessionEnded(reason)),
        (SessionState::Degraded(None), Decision::Unavailable),
    ] {
        for answer in [None, Some(true), Some(false)] {
            assert_eq!(decide_checked(OWN, &state, &|_| answer), expected, "{state:?}");
        }
    }
    let somebody = with_roles(&[]);
    assert_eq!(decide(OWN, &somebody), Decision::Check("own"));
    for (answer, expected) in [
        (None, Decision::Check("own")),
        (Some(true), Decision::Allow),
        (Some(false), REFUSED),
    ] {
        assert_eq!(decide_checked(OWN, &somebody, &|_| answer), expected, "{answer:?}");
    }
}

/// A check costs the application a query, so a check is asked only if its answer can change the decision.
#[test]
fn no_check_is_asked_whose_answer_changes_nothing_and_none_is_passed_over() {
    const BOTH: Rule = Rule::All(&[OWN, Rule::Role("clerk"), Rule::Fresh(60), OPEN]);
    const EITHER: Rule = Rule::Any(&[Rule::Fresh(60), OWN, Rule::Role("clerk"), OPEN]);
    const NOT_OWN: Rule = Rule::All(&[Rule::Not(&OWN), Rule::Role("clerk")]);
    let step_up = Decision::StepUp(within(60));
    for (rule, roles, answers, expected) in [
        (BOTH, &[][..], [None, None], Decision::Forbidden(Missing::Role("clerk"))),
        (BOTH, &["clerk"], [None, None], Decision::Check("own")),
        (BOTH, &["clerk"], [Some(true), None], Decision::Check("open")),
        (BOTH, &["clerk"], [Some(true), Some(true)], step_up),
        (BOTH, &["clerk"], [Some(true), Some(false)], REFUSED),
        (BOTH, &["clerk"], [Some(false), None], REFUSED),
        (EITHER, &["clerk"], [None, None], Decision::Allow),
        (EITHER, &[], [None, None], Decision::Check("own")),
        (EITHER, &[], [Some(false), None], Decision::Check("open")),
        (EITHER, &[], [Some(false), Some(true)], Decision::Allow),
        (EITHER, &[], [Some(false), Some(false)], step_up),
        (NOT_OWN, &["clerk"], [None, None], Decision::Check("own")),
        (NOT_OWN, &["clerk"], [Some(false), None], Decision::Allow),
        (NOT_OWN, &["clerk"], [Some(true), None], REFUSED),
        (NOT_OWN, &[], [None, None], Decision::Forbidden(Missing::Role("clerk"))),
    ] {
        let answer = |name: &str| answers[usize::from(name == "open")];
        let decision = decide_checked(rule, &with_roles(roles), &answer);
        assert_eq!(decision, expected, "{rule} {roles:?} {answers:?}");
    }
    assert_eq!(decide(EITHER, &authenticated(Some(60))), Decision::Allow);
}

#[test]
fn the_checks_of_a_rule_are_listed_and_said_and_may_be_turned_round() {
    const RULE: Rule = Rule::All(&[
        Rule::Role("clerk"),
        Rule::Any(&[OWN, Rule::Fresh(60)]),
        Rule::Not(&OPEN),
    ]);
    assert_eq!(RULE.checks(), ["own", "open"]);
    assert_eq!(Rule::Role("own").checks(), [""; 0]);
    assert_eq!(
        Rule::Any(&[Rule::Role("clerk"), OWN]).to_string(),
        "any of (role clerk, check own)"
    );
    let table = Table::new(&[
        ("/own", Rule::Not(&Rule::Any(&[OWN, Rule::Role("guest")]))),
        ("/odd", Rule::Not(&Rule::Any(&[OWN, Rule::Fresh(60)]))),
    ]);
    let access = table.access();
    let named: Vec<_> = access.unusable().iter().collect();
    assert_eq!(named, [&("/odd", Flaw::Not.into())]);
}
