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
    /// The same, and who has to authenticate again is asked by the provider in any case (`prompt=login`): with
    /// [`Fresh`](Self::Fresh) a provider whose own session is young enough may answer by itself.
    Prompted(u64),
    /// A session of a person who authenticated in one of these ways: Authentication Context Class References (`acr`, OpenID
    /// Connect Core §2), the preferred one first. Which there are, and what they mean, the provider says. A path has one
    /// such rule at most.
    Acr(&'static [&'static str]),
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
    /// Signed in and entitled, but the person has to authenticate again: more recently, or in
    /// another way.
    StepUp(StepUp),
    /// The session store cannot be asked, so nobody can tell.
    Unavailable,
}

/// What an authentication has to be: asked of the provider, and held against its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    /// The longest time since then, in seconds (`max_age`).
    pub max_age: Option<u64>,
    /// Whether the provider has to ask the person, whatever session it has of its own (`prompt=login`).
    pub prompted: bool,
    /// One of these ways, if there are any (`acr_values`).
    pub acr: &'static [&'static str],
}

impl StepUp {
    /// Both at once.
    fn and(self, other: Self) -> Self {
        Self {
            max_age: self.max_age.into_iter().chain(other.max_age).min(),
            prompted: self.prompted || other.prompted,
            acr: if self.acr.is_empty() { other.acr } else { self.acr },
        }
    }

    /// Whether an authentication that is as this one asks is good enough for the other.
    fn covers(self, other: Self) -> bool {
        let is_as_fresh = other
            .max_age
            .is_none_or(|wanted| self.max_age.is_some_and(|age| age <= wanted));
        is_as_fresh && (self.prompted || !other.prompted) && (other.acr.is_empty() || self.acr == other.acr)
    }
}

/// What a signed-in person lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This role.
    Role(&'static str),
    /// The right value of this claim. Which one that is stays untold.
    Claim(&'static str),
}

/// Every path that differs from the default, [`Rule::SignedIn`]. Paths are compared exactly: `/admin/*` is no pattern, and
/// a server refuses to start with a rule that no request can meet.
///
/// `/api/<name>` is the relayed API of that name, with all that is below it.
///
/// A server function or an API that wants a fresh authentication has a page here with the same rule: the
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

    /// The rule for the relayed API of this name: that of `/api/<name>`.
    #[must_use]
    pub fn api_rule(self, name: &str) -> Rule {
        self.rules()
            .find(|(path, _)| path.strip_prefix(API) == Some(name))
            .map_or(Rule::SignedIn, |(_, rule)| rule)
    }

    /// Every path that is listed.
    pub fn rules(self) -> impl Iterator<Item = (&'static str, Rule)> {
        self.0.iter().copied()
    }

    /// The page on which a person can authenticate like this: the one that was asked for, or another one of the table, for
    /// what is no page itself.
    #[must_use]
    pub fn page_to_step_up_on(self, asked: &str, step_up: StepUp) -> Option<&'static str> {
        if self.rule(asked).step_up().covers(step_up) {
            return None;
        }
        self.page_for(step_up)
    }

    /// A page of the table whose rule asks the provider for such an authentication.
    #[must_use]
    pub fn page_for(self, step_up: StepUp) -> Option<&'static str> {
        self.rules()
            .find(|(path, rule)| !is_called_by_scripts(path) && rule.step_up().covers(step_up))
            .map(|(path, _)| path)
    }
}

const API: &str = "/api/";

fn is_function(path: &str) -> bool {
    path.starts_with("/_fn/")
}

/// Whether the path is a server function's or an API's, and so no page that a person could be sent to.
#[must_use]
pub fn is_called_by_scripts(path: &str) -> bool {
    is_function(path) || path.starts_with(API)
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
        Rule::Public
        | Rule::SignedIn
        | Rule::Role(_)
        | Rule::Claim(..)
        | Rule::Fresh(_)
        | Rule::Prompted(_)
        | Rule::Acr(_) => Decision::Allow,
    }
}

/// What two rules decide together. Nobody is sent to authenticate again for what they would be
/// refused afterwards.
fn both(one: Decision, other: Decision) -> Decision {
    match (one, other) {
        (Decision::StepUp(one), Decision::StepUp(other)) => Decision::StepUp(one.and(other)),
        (Decision::Allow, other) | (Decision::StepUp(_), other @ Decision::Forbidden(_)) => other,
        (one, _) => one,
    }
}

impl Rule {
    /// What the rule asks of an authentication, so that a sign-in for its path asks the provider for it: nothing, where it
    /// wants neither a fresh one nor one of a certain way.
    #[must_use]
    pub fn step_up(self) -> StepUp {
        let nothing = StepUp::default();
        match self {
            Self::Fresh(seconds) => StepUp {
                max_age: Some(seconds),
                ..nothing
            },
            Self::Prompted(seconds) => StepUp {
                max_age: Some(seconds),
                prompted: true,
                ..nothing
            },
            Self::Acr(acr) => StepUp { acr, ..nothing },
            Self::All(rules) => rules.iter().fold(nothing, |wanted, rule| wanted.and(rule.step_up())),
            Self::Public | Self::SignedIn | Self::Role(_) | Self::Claim(..) => nothing,
        }
    }
}

#[cfg(test)]
mod tests;
