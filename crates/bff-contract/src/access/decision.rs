//! The decision of a rule for a session.

use super::{Rule, StepUp};
use crate::session::{ActiveSession, EndReason, SessionState};

/// The answer of the table for one path and one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allow,
    /// Somebody has to sign in first.
    SignIn,
    /// Somebody has to sign in again: their session ended, and the server knows why.
    SessionEnded(EndReason),
    /// Signed in, and not entitled.
    Forbidden(Missing),
    /// Signed in and entitled, but the person has to authenticate again: more recently, or in
    /// another way.
    StepUp(StepUp),
    /// The answer of this check decides ([`Rule::Check`]), and only the server can ask it. A browser loads the page.
    Check(&'static str),
    /// The session store cannot be asked, so nobody can tell.
    Unavailable,
}

/// The entitlement that a signed-in person lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This role.
    Role(&'static str),
    /// The right value of this claim. Which one that is stays untold.
    Claim(&'static str),
    /// One of several entitlements, the absence of one, or the consent of a check; or nothing opens the path.
    Other,
}

/// Whether this session satisfies the rule. No check is asked: where one decides, that is [`Decision::Check`].
#[must_use]
pub fn decide(rule: Rule, session: &SessionState) -> Decision {
    decide_checked(rule, session, &|_| None)
}

/// As [`decide`], where checks have been asked: `checked` gives the answer of the check of a name, `None` where it has
/// not been asked.
///
/// ```
/// use bff_contract::access::{Decision, Rule, decide_checked};
/// use bff_contract::session::SessionState;
///
/// # let session: SessionState = serde_json::from_str(
/// #     r#"{"status":"active","claims":{},"roles":["staff"],"issuer":"","signed_in_at":"","expires_in":60,"idle_expires_in":60,"warning":10}"#,
/// # ).expect("a session");
/// const OWN: Rule = Rule::Check("owns_order");
/// assert_eq!(decide_checked(OWN, &session, &|_| None), Decision::Check("owns_order"));
/// assert_eq!(decide_checked(OWN, &session, &|_| Some(true)), Decision::Allow);
/// // A rule that the session satisfies by itself asks no check.
/// let staff_or_own = Rule::Any(&[Rule::Role("staff"), OWN]);
/// assert_eq!(decide_checked(staff_or_own, &session, &|_| None), Decision::Allow);
/// ```
#[must_use]
pub fn decide_checked(rule: Rule, session: &SessionState, checked: &dyn Fn(&str) -> Option<bool>) -> Decision {
    if rule == Rule::Public {
        return Decision::Allow;
    }
    match session {
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            decide_signed_in(rule, session, checked)
        }
        SessionState::Degraded(None) => Decision::Unavailable,
        SessionState::Anonymous => Decision::SignIn,
        SessionState::Ended { reason } => Decision::SessionEnded(*reason),
    }
}

fn decide_signed_in(rule: Rule, session: &ActiveSession, checked: &dyn Fn(&str) -> Option<bool>) -> Decision {
    let decide = |rule: &Rule| decide_signed_in(*rule, session, checked);
    match rule {
        Rule::Nobody => Decision::Forbidden(Missing::Other),
        Rule::Role(needed) if !session.has_role(needed) => Decision::Forbidden(Missing::Role(needed)),
        Rule::Claim(name, value) if !session.has_claim(name, value) => Decision::Forbidden(Missing::Claim(name)),
        Rule::Fresh(seconds) | Rule::Prompted(seconds) if session.authenticated_ago.is_none_or(|ago| ago > seconds) => {
            Decision::StepUp(rule.step_up())
        }
        Rule::Acr(wanted) if !session.acr.as_deref().is_some_and(|acr| wanted.contains(&acr)) => {
            Decision::StepUp(rule.step_up())
        }
        Rule::Check(name) => match checked(name) {
            Some(true) => Decision::Allow,
            Some(false) => Decision::Forbidden(Missing::Other),
            None => Decision::Check(name),
        },
        Rule::All(rules) => rules.iter().map(decide).fold(Decision::Allow, both),
        Rule::Any(rules) => any(rules.iter().map(decide)),
        Rule::Not(rule) => match decide(rule) {
            Decision::Allow => Decision::Forbidden(Missing::Other),
            check @ Decision::Check(_) => check,
            _ => Decision::Allow,
        },
        Rule::Public
        | Rule::SignedIn
        | Rule::Role(_)
        | Rule::Claim(..)
        | Rule::Fresh(_)
        | Rule::Prompted(_)
        | Rule::Acr(_) => Decision::Allow,
    }
}

/// The common decision of two rules. A person does not have to authenticate again for a page that is refused
/// afterwards, and no check is asked about a request that is refused anyway.
fn both(one: Decision, other: Decision) -> Decision {
    match (one, other) {
        (Decision::StepUp(one), Decision::StepUp(other)) => Decision::StepUp(one.and(other)),
        (Decision::Allow, other)
        | (Decision::StepUp(_), other @ (Decision::Forbidden(_) | Decision::Check(_)))
        | (Decision::Check(_), other @ Decision::Forbidden(_)) => other,
        (one, _) => one,
    }
}

/// The common decision of alternatives: the best of them. A check is asked before a person is sent to authenticate again: its
/// answer may make that needless. Where there are several and all refuse, no single one of them is missing.
fn any(decisions: impl Iterator<Item = Decision>) -> Decision {
    let better = |one, other| match (one, other) {
        (Decision::Allow, _) | (_, Decision::Allow) => Decision::Allow,
        (check @ Decision::Check(_), _) | (_, check @ Decision::Check(_)) => check,
        (step_up @ Decision::StepUp(_), _) | (_, step_up @ Decision::StepUp(_)) => step_up,
        _ => Decision::Forbidden(Missing::Other),
    };
    decisions.reduce(better).unwrap_or(Decision::Forbidden(Missing::Other))
}
