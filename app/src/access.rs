//! The access table: who may open which page and call which server function.
//!
//! Default deny: a path that is not in [`TABLE`] needs a session. The server decides with this
//! table before it renders anything; pages use it to show or leave out a link.

use crate::session::SessionState;

/// What a path asks of the person who opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing: anybody may open it.
    Public,
    /// A session.
    SignedIn,
    /// A session that has this role.
    Role(&'static str),
}

/// The answer of the table for one path and one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allow,
    /// Somebody has to sign in first.
    SignIn,
    /// Signed in, and not entitled: this role is missing.
    Forbidden(&'static str),
    /// The session store cannot be asked, so nobody can tell.
    Unavailable,
}

/// Every path that differs from the default, [`Rule::SignedIn`]. Paths are compared exactly.
pub const TABLE: &[(&str, Rule)] = &[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/sign-in-failed", Rule::Public),
    ("/admin", Rule::Role("admin")),
];

/// The rule for a path.
#[must_use]
pub fn rule(path: &str) -> Rule {
    TABLE
        .iter()
        .find(|(listed, _)| *listed == path)
        .map_or(Rule::SignedIn, |(_, rule)| *rule)
}

/// Whether this session satisfies the rule.
#[must_use]
pub fn decide(rule: Rule, session: &SessionState) -> Decision {
    match (rule, session) {
        (Rule::Public, _) => Decision::Allow,
        (_, SessionState::Unavailable) => Decision::Unavailable,
        (_, SessionState::Anonymous) => Decision::SignIn,
        (Rule::SignedIn, SessionState::Active(_)) => Decision::Allow,
        (Rule::Role(role), SessionState::Active(session)) if session.has_role(role) => {
            Decision::Allow
        }
        (Rule::Role(role), SessionState::Active(_)) => Decision::Forbidden(role),
    }
}
