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
    /// One of several entitlements, or the absence of one.
    Other,
}

/// Whether this session satisfies the rule.
#[must_use]
pub fn decide(rule: Rule, session: &SessionState) -> Decision {
    if rule == Rule::Public {
        return Decision::Allow;
    }
    match session {
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            decide_signed_in(rule, session)
        }
        SessionState::Degraded(None) => Decision::Unavailable,
        SessionState::Anonymous => Decision::SignIn,
        SessionState::Ended { reason } => Decision::SessionEnded(*reason),
    }
}

fn decide_signed_in(rule: Rule, session: &ActiveSession) -> Decision {
    match rule {
        Rule::Role(needed) if !session.has_role(needed) => Decision::Forbidden(Missing::Role(needed)),
        Rule::Claim(name, value) if !session.has_claim(name, value) => Decision::Forbidden(Missing::Claim(name)),
        Rule::Fresh(seconds) | Rule::Prompted(seconds) if session.authenticated_ago.is_none_or(|ago| ago > seconds) => {
            Decision::StepUp(rule.step_up())
        }
        Rule::Acr(wanted) if !session.acr.as_deref().is_some_and(|acr| wanted.contains(&acr)) => {
            Decision::StepUp(rule.step_up())
        }
        Rule::All(rules) => rules
            .iter()
            .map(|rule| decide_signed_in(*rule, session))
            .fold(Decision::Allow, both),
        Rule::Any(rules) => any(rules.iter().map(|rule| decide_signed_in(*rule, session))),
        Rule::Not(rule) if decide_signed_in(*rule, session) == Decision::Allow => Decision::Forbidden(Missing::Other),
        Rule::Public
        | Rule::SignedIn
        | Rule::Role(_)
        | Rule::Claim(..)
        | Rule::Fresh(_)
        | Rule::Prompted(_)
        | Rule::Acr(_)
        | Rule::Not(_) => Decision::Allow,
    }
}

/// The common decision of two rules. A person does not have to authenticate again for a page that is
/// refused afterwards.
fn both(one: Decision, other: Decision) -> Decision {
    match (one, other) {
        (Decision::StepUp(one), Decision::StepUp(other)) => Decision::StepUp(one.and(other)),
        (Decision::Allow, other) | (Decision::StepUp(_), other @ Decision::Forbidden(_)) => other,
        (one, _) => one,
    }
}

/// The common decision of alternatives: the best of them. Where there are several and all refuse, no single one of them is
/// missing.
fn any(decisions: impl Iterator<Item = Decision>) -> Decision {
    let better = |one, other| match (one, other) {
        (Decision::Allow, _) | (_, Decision::Allow) => Decision::Allow,
        (step_up @ Decision::StepUp(_), _) | (_, step_up @ Decision::StepUp(_)) => step_up,
        _ => Decision::Forbidden(Missing::Other),
    };
    decisions.reduce(better).unwrap_or(Decision::Forbidden(Missing::Other))
}
