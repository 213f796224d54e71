//! Who may administer sessions over HTTP.

use super::{BuildError, Builder};
use bff_contract::access::Rule;

impl Builder {
    /// Switches on the HTTP API with which an administrator lists and ends the sessions of everybody, for people who satisfy this
    /// rule and who authenticated at most five minutes ago. Without it the API is not there.
    ///
    /// | request | answer, as JSON |
    /// |---|---|
    /// | `GET /auth/admin/sessions` | a page ([`AdministeredSessions`](crate::administration::AdministeredSessions)); `?subject=` or `?sid=`, `count` (50; at most 200), `after` (the `next` of the page before) |
    /// | `GET /auth/admin/sessions/{name}` | one session |
    /// | `POST /auth/admin/sessions/end` | with `{"name": ..}`, `{"subject": ..}`, `{"sid": ..}` or `{"all": true}`: `{"ended": 3}` |
    ///
    /// A refusal is a problem document (RFC 9457). Each request is told to the hook for events
    /// ([`EventKind::Administered`](crate::EventKind::Administered)), refused ones too. A rule that no role or claim
    /// narrows, or that asks a check ([`Rule::Check`]), is a [`BuildError::Administration`]. A role that the rule names stands in the access table too, so that it is always kept.
    ///
    /// ```
    /// use axum_bff::{Bff, access::Rule};
    ///
    /// let builder = Bff::builder().administration(Rule::Role("operator"));
    /// ```
    pub fn administration(mut self, rule: Rule) -> Self {
        self.administration = Some(rule);
        self
    }
}

/// The rule, if it lets in nobody but people with a role or a claim.
pub(super) fn administrators(rule: Option<Rule>) -> Result<Option<Rule>, BuildError> {
    match rule {
        Some(rule) if !names_somebody(&rule) || asks_a_check(&rule) => Err(BuildError::Administration(rule)),
        rule => Ok(rule),
    }
}

/// Whether nobody satisfies the rule without a role or a claim.
fn names_somebody(rule: &Rule) -> bool {
    match rule {
        Rule::Role(_) | Rule::Claim(..) | Rule::Nobody => true,
        Rule::All(rules) => rules.iter().any(names_somebody),
        Rule::Any(rules) => !rules.is_empty() && rules.iter().all(names_somebody),
        _ => false,
    }
}

fn asks_a_check(rule: &Rule) -> bool {
    match rule {
        Rule::Check(_) => true,
        Rule::All(rules) | Rule::Any(rules) => rules.iter().any(asks_a_check),
        Rule::Not(rule) => asks_a_check(rule),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_has_a_role_or_a_claim() {
        const ROLE: Rule = Rule::Role("operator");
        const CLAIM: Rule = Rule::Claim("groups", "operators");
        for rule in [
            ROLE,
            CLAIM,
            Rule::All(&[Rule::Fresh(60), ROLE]),
            Rule::Any(&[ROLE, CLAIM]),
        ] {
            assert!(administrators(Some(rule)).is_ok(), "{rule}");
        }
        for rule in [
            Rule::Public,
            Rule::SignedIn,
            Rule::Fresh(60),
            Rule::Not(&ROLE),
            Rule::Any(&[ROLE, Rule::SignedIn]),
            Rule::Any(&[]),
            Rule::All(&[ROLE, Rule::Check("on duty")]),
        ] {
            let refused = administrators(Some(rule));
            assert!(matches!(refused, Err(BuildError::Administration(_))), "{rule}");
        }
        assert!(administrators(None).is_ok());
    }
}
