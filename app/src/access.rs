//! The access table: who may open which page and call which server function.
//!
//! Default deny: a path that is not in the [`Table`] needs a session. The server decides with it
//! before it renders anything; pages use it to show or leave out a link. [`TABLE`] is this
//! application's; another application brings its own.

use crate::session::{ActiveSession, EndReason, SessionState};

/// What a path asks of the person who opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing: anybody may open it.
    Public,
    /// A session.
    SignedIn,
    /// A session that has this role.
    Role(&'static str),
    /// A session with this claim, and with exactly this value in it: a text, `true` or `false`, or
    /// a list that has it among others. Only claims that pages may see count.
    Claim(&'static str, &'static str),
    /// A session of a person who has authenticated at the provider at most so many seconds ago.
    Fresh(u64),
    /// All of these at once.
    All(&'static [Rule]),
}

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
    /// Signed in and entitled, but the person has to authenticate again: at most so many seconds
    /// may have passed since, and more have, or nobody knows how many.
    StepUp(u64),
    /// The session store cannot be asked, so nobody can tell.
    Unavailable,
}

/// What a signed-in person lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This role.
    Role(&'static str),
    /// The right value of this claim. Which one that is stays untold.
    Claim(&'static str),
}

/// Every path that differs from the default, [`Rule::SignedIn`]. Paths are compared exactly.
///
/// A server function that wants a fresh authentication has its page here with the same rule: the
/// person is sent to authenticate again by way of a page.
#[derive(Clone, Copy, Debug)]
pub struct Table(&'static [(&'static str, Rule)]);

/// What this application's paths ask for.
pub const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/sign-in-failed", Rule::Public),
    ("/admin", Rule::Role("admin")),
    ("/orders", Rule::Claim("email_verified", "true")),
    ("/notes/erase", Rule::Fresh(300)),
    ("/_fn/erase_notes", Rule::Fresh(300)),
]);

impl Table {
    /// A table of these paths.
    #[must_use]
    pub const fn new(rules: &'static [(&'static str, Rule)]) -> Self {
        Self(rules)
    }

    /// The rule for a path. A server function of this crate asks for what [`TABLE`] says also in an
    /// application whose own table is silent about it: it is linked in there too.
    #[must_use]
    pub fn rule(self, path: &str) -> Rule {
        let functions = TABLE.rules().filter(|(path, _)| is_function(path));
        self.rules()
            .chain(functions)
            .find(|(listed, _)| *listed == path)
            .map_or(Rule::SignedIn, |(_, rule)| rule)
    }

    /// Every path that is listed.
    pub fn rules(self) -> impl Iterator<Item = (&'static str, Rule)> {
        self.0.iter().copied()
    }

    /// A page on which a person can authenticate as freshly as this, for what is no page itself.
    #[must_use]
    pub fn page_as_fresh_as(self, seconds: u64) -> Option<&'static str> {
        self.rules()
            .find(|(path, rule)| !is_function(path) && rule.max_age().is_some_and(|age| age <= seconds))
            .map(|(path, _)| path)
    }
}

fn is_function(path: &str) -> bool {
    path.starts_with("/_fn/")
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
        Rule::Fresh(seconds) if session.authenticated_ago.is_none_or(|ago| ago > seconds) => Decision::StepUp(seconds),
        Rule::All(rules) => rules
            .iter()
            .map(|rule| decide_signed_in(*rule, session))
            .fold(Decision::Allow, both),
        Rule::Public | Rule::SignedIn | Rule::Role(_) | Rule::Claim(..) | Rule::Fresh(_) => Decision::Allow,
    }
}

/// What two rules decide together. Nobody is sent to authenticate again for what they would be
/// refused afterwards.
fn both(one: Decision, other: Decision) -> Decision {
    match (one, other) {
        (Decision::StepUp(one), Decision::StepUp(other)) => Decision::StepUp(one.min(other)),
        (Decision::Allow, other) | (Decision::StepUp(_), other @ Decision::Forbidden(_)) => other,
        (one, _) => one,
    }
}

impl Rule {
    /// The longest time since the person authenticated that the rule allows, in seconds; none
    /// where it asks for nothing of the kind.
    #[must_use]
    pub fn max_age(self) -> Option<u64> {
        match self {
            Self::Fresh(seconds) => Some(seconds),
            Self::All(rules) => rules.iter().filter_map(|rule| rule.max_age()).min(),
            Self::Public | Self::SignedIn | Self::Role(_) | Self::Claim(..) => None,
        }
    }
}

#[cfg(test)]
mod tests;
