//! Rules, and the authentication that they ask for.

use std::fmt;

/// The condition on which a path opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing: anybody may open it.
    Public,
    /// A session.
    SignedIn,
    /// A session that has this role.
    Role(&'static str),
    /// A session with this claim, and with exactly this value in it: a text, a number, `true` or `false`, or a list that has it
    /// among others. A number counts as JSON writes it: `3` is not `3.0`. Only claims that pages may see count.
    Claim(&'static str, &'static str),
    /// A session of a person who has authenticated at the provider at most so many seconds ago.
    Fresh(u64),
    /// The same, and the provider asks the person in any case (`prompt=login`): with
    /// [`Fresh`](Self::Fresh) a provider whose own session is young enough may answer by itself.
    Prompted(u64),
    /// A session of a person who authenticated in one of these ways: Authentication Context Class References (`acr`,
    /// OpenID Connect Core §2), the preferred one first. The provider defines them and their meaning. A path has one
    /// such rule at most.
    Acr(&'static [&'static str]),
    /// A session that the application's own check of this name lets in: a function of the server that sees the session and the
    /// parameters of the path, such as whether an order is the person's own. The browser cannot ask it and loads the page, so
    /// that the server does. A server without a function of this name does not start.
    Check(&'static str),
    /// All of these at once.
    All(&'static [Rule]),
    /// At least one of these. One of them at most asks for an authentication of a certain kind.
    Any(&'static [Rule]),
    /// A session that does not satisfy this rule about a role, a claim or a check.
    Not(&'static Rule),
    /// Nothing opens it. For a relayed API that only the application's own code calls: a browser cannot call
    /// `/api/<name>/...` then, and the code still can.
    Nobody,
}

/// The authentication that a rule asks for: requested of the provider, and checked in its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    /// The longest time since then, in seconds (`max_age`).
    pub max_age: Option<u64>,
    /// Whether the provider has to ask the person even if it has a session of its own (`prompt=login`).
    pub prompted: bool,
    /// One of these ways, if there are any (`acr_values`).
    pub acr: &'static [&'static str],
}

impl StepUp {
    /// Both at once.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            max_age: self.max_age.into_iter().chain(other.max_age).min(),
            prompted: self.prompted || other.prompted,
            acr: if self.acr.is_empty() { other.acr } else { self.acr },
        }
    }

    /// Whether an authentication that is as this one asks is good enough for the other.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        let is_as_fresh = other
            .max_age
            .is_none_or(|wanted| self.max_age.is_some_and(|age| age <= wanted));
        is_as_fresh && (self.prompted || !other.prompted) && (other.acr.is_empty() || self.acr == other.acr)
    }
}

impl Rule {
    /// The authentication that the rule asks for. A sign-in for its path requests it of the provider. Nothing, where it
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
            Self::All(rules) | Self::Any(rules) => {
                rules.iter().fold(nothing, |wanted, rule| wanted.and(rule.step_up()))
            }
            Self::Public
            | Self::SignedIn
            | Self::Nobody
            | Self::Role(_)
            | Self::Claim(..)
            | Self::Check(_)
            | Self::Not(_) => nothing,
        }
    }

    /// The names of the checks that the rule asks, in its order.
    #[must_use]
    pub fn checks(self) -> Vec<&'static str> {
        match self {
            Self::Check(name) => vec![name],
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(|rule| rule.checks()).collect(),
            Self::Not(rule) => rule.checks(),
            _ => Vec::new(),
        }
    }

    /// Why the rule has no clear meaning, if that is so.
    pub(super) fn flaw(self) -> Option<Flaw> {
        match self {
            Self::Any([]) => Some(Flaw::AnyOfNothing),
            Self::Any(rules) if rules.iter().filter(|rule| rule.step_up() != StepUp::default()).count() > 1 => {
                Some(Flaw::StepUps)
            }
            Self::Not(Self::Role(_) | Self::Claim(..) | Self::Check(_)) => None,
            Self::Not(Self::Any(rules) | Self::All(rules)) => rules.iter().find_map(|rule| match rule {
                Self::Role(_) | Self::Claim(..) | Self::Check(_) => None,
                _ => Some(Flaw::Not),
            }),
            Self::Not(_) => Some(Flaw::Not),
            Self::All(rules) if demand_different_ways(rules) => Some(Flaw::Ways),
            Self::All(rules) | Self::Any(rules) => rules.iter().find_map(|rule| rule.flaw()),
            _ => None,
        }
    }
}

/// Whether several of these rules ask for ways of authenticating, and not for the same. The provider is asked for those of one
/// rule, and its answer would lead to the other one, again and again.
fn demand_different_ways(rules: &[Rule]) -> bool {
    let mut demands = rules
        .iter()
        .map(|rule| rule.step_up().acr)
        .filter(|acr| !acr.is_empty());
    demands.next().is_some_and(|first| demands.any(|other| other != first))
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = |formatter: &mut fmt::Formatter<'_>, word: &str, rules: &[Self]| {
            write!(formatter, "{word} (")?;
            for (index, rule) in rules.iter().enumerate() {
                let separator = if index == 0 { "" } else { ", " };
                write!(formatter, "{separator}{rule}")?;
            }
            write!(formatter, ")")
        };
        match self {
            Self::Public => write!(formatter, "anybody"),
            Self::SignedIn => write!(formatter, "signed in"),
            Self::Role(role) => write!(formatter, "role {role}"),
            Self::Claim(name, value) => write!(formatter, "claim {name} = {value}"),
            Self::Fresh(seconds) => write!(formatter, "authenticated at most {seconds} s ago"),
            Self::Prompted(seconds) => write!(formatter, "authenticated, with a prompt, at most {seconds} s ago"),
            Self::Acr(acr) => write!(formatter, "authenticated as one of {}", acr.join(" ")),
            Self::Check(name) => write!(formatter, "check {name}"),
            Self::All(rules) => several(formatter, "all of", rules),
            Self::Any(rules) => several(formatter, "any of", rules),
            Self::Not(rule) => write!(formatter, "not {rule}"),
            Self::Nobody => write!(formatter, "nobody"),
        }
    }
}

/// Why a rule means nothing that could be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// `Any(&[])` lets nobody in.
    #[error("holds an empty `Any`, which lets nobody in")]
    AnyOfNothing,
    /// The person could be sent to authenticate in one way only.
    #[error("holds an `Any` with two rules about authentication; a person can be sent to authenticate for only one")]
    StepUps,
    /// `All` of two rules about ways of authenticating.
    #[error("holds an `All` with two different lists of `Acr`; name the ways that satisfy both in one")]
    Ways,
    /// `Not` of a session or of an authentication.
    #[error("holds a `Not` around a rule other than roles, claims and checks")]
    Not,
}
