//! Which claims leave the server, and which of them are roles.
//!
//! Claims are untrusted text, so their kept size is bounded (UI-04). Claims and roles of the access table are kept beyond
//! the bound, so that nobody loses a right because the provider sends much.

mod roles;
mod update;

pub use update::UpdatedClaims;

use bff_contract::access::{Rule, Table};
use bff_session::LeftOut;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// No claim larger than this, as JSON, is kept.
pub(crate) const CLAIM_LIMIT: usize = 2048;

/// No more roles than this are kept, beside those that a rule names.
pub(crate) const ROLES_LIMIT: usize = 64;

/// No role longer than this is kept, in bytes, unless a rule names it.
const ROLE_LIMIT: usize = 256;

/// The allow-list of claims, the place of the roles and the claims that name a person to the provider (`BFF_CLAIMS`,
/// `BFF_ROLES_CLAIM`, `BFF_LOGIN_HINT`), and the claims and roles of the access table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsPolicy {
    /// Names of claims that pages may see. `sub` always is one.
    pub shown: Vec<String>,
    /// The places of the roles: for each place a claim's name, and with dots the members inside it.
    pub roles: Vec<String>,
    /// The claims that may name the person to the provider at a step-up, the first choice first. If there are none, the
    /// request names nobody.
    pub login_hint: Vec<String>,
    ruled_roles: HashSet<&'static str>,
    ruled_claims: HashSet<(&'static str, &'static str)>,
}

/// The kept part of claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptClaims {
    /// The claims that pages may see.
    pub claims: Map<String, Value>,
    /// The roles of all places, each once.
    pub roles: Vec<String>,
    /// The claims and roles that were left out.
    pub left_out: LeftOut,
}

impl ClaimsPolicy {
    /// Claims of these names, and roles from these places.
    #[must_use]
    pub fn new(shown: Vec<String>, roles: Vec<String>) -> Self {
        Self {
            shown,
            roles,
            ..Self::default()
        }
    }

    /// The same, and these claims may name the person to the provider.
    #[must_use]
    pub fn with_login_hint(self, login_hint: Vec<String>) -> Self {
        Self { login_hint, ..self }
    }

    /// The same, and always keeps the claims and roles that the rules of this table name.
    #[must_use]
    pub fn with_rules_of(mut self, table: Table) -> Self {
        for (_, rule) in table.rules() {
            self.keep(rule);
        }
        self
    }

    fn keep(&mut self, asked: Rule) {
        match asked {
            Rule::Role(name) => _ = self.ruled_roles.insert(name),
            Rule::Claim(name, value) => _ = self.ruled_claims.insert((name, value)),
            Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|asked| self.keep(*asked)),
            // Left out, a role that shuts a person out would let that person in.
            Rule::Not(asked) => self.keep(*asked),
            Rule::Public
            | Rule::SignedIn
            | Rule::Nobody
            | Rule::Fresh(_)
            | Rule::Prompted(_)
            | Rule::Acr(_)
            | Rule::Check(_) => {}
        }
    }

    /// The roles that rules of the access table name, in alphabetical order.
    #[must_use]
    pub fn ruled_roles(&self) -> Vec<&'static str> {
        let mut roles: Vec<_> = self.ruled_roles.iter().copied().collect();
        roles.sort_unstable();
        roles
    }

    /// The claims that rules of the access table name and pages do not see, in alphabetical order. Such a claim never counts: a
    /// rule about it lets nobody in, and [`Rule::Not`] of it everybody.
    #[must_use]
    pub fn unseen(&self) -> Vec<&'static str> {
        let names = self.ruled_claims.iter().map(|(name, _)| *name);
        let mut unseen: Vec<_> = names
            .filter(|name| *name != "sub" && !self.shown.iter().any(|shown| shown == name))
            .collect();
        unseen.sort_unstable();
        unseen.dedup();
        unseen
    }

    /// Selects the claims to keep. The log has the names and number of the others.
    #[must_use]
    pub fn kept(&self, claims: &Map<String, Value>) -> KeptClaims {
        let mut kept = KeptClaims::default();
        for name in std::iter::once("sub").chain(self.shown.iter().map(String::as_str)) {
            let Some(value) = claims.get(name).filter(|value| !value.is_null()) else {
                continue;
            };
            if is_within(value, CLAIM_LIMIT) {
                kept.claims.insert(name.to_owned(), value.clone());
                continue;
            }
            kept.left_out.claims.push(name.to_owned());
            if let Some(part) = self.ruled_part(name, value) {
                kept.claims.insert(name.to_owned(), part);
            }
        }
        self.keep_roles(claims, &mut kept);
        let LeftOut { claims, roles } = &kept.left_out;
        if !claims.is_empty() || *roles > 0 {
            tracing::warn!(
                code = "claims_left_out",
                claims = claims.join(" "),
                roles,
                "a person has claims that are too long, or too many roles: the session leaves them out"
            );
        }
        kept
    }

    /// The part of a too long list that the rules ask for.
    fn ruled_part(&self, name: &str, value: &Value) -> Option<Value> {
        let is_asked_for = |value: &&Value| match value {
            Value::String(text) => self.ruled_claims.contains(&(name, text.as_str())),
            Value::Bool(_) | Value::Number(_) => self.ruled_claims.contains(&(name, value.to_string().as_str())),
            _ => false,
        };
        let mut part: Vec<Value> = value.as_array()?.iter().filter(is_asked_for).cloned().collect();
        part.dedup();
        (!part.is_empty()).then_some(Value::Array(part))
    }

    fn keep_roles(&self, claims: &Map<String, Value>, kept: &mut KeptClaims) {
        let mut found = HashSet::new();
        let (mut others, mut left_out) = (0, 0_u32);
        for place in &self.roles {
            let Some(value) = at(claims, place) else { continue };
            for role in roles::read(value, place, &self.ruled_roles) {
                let is_ruled = self.ruled_roles.contains(&*role);
                if !found.insert(role.clone()) {
                    continue;
                }
                if !is_ruled && (others >= ROLES_LIMIT || role.len() > ROLE_LIMIT) {
                    left_out = left_out.saturating_add(1);
                    continue;
                }
                others += usize::from(!is_ruled);
                kept.roles.push(role.into_owned());
            }
        }
        kept.left_out.roles = left_out;
    }

    /// Whether any part of a claim of this name is kept.
    fn uses(&self, name: &str) -> bool {
        self.shown.iter().any(|shown| shown == name) || self.has_roles(name)
    }

    /// Whether roles stand in a claim of this name.
    fn has_roles(&self, name: &str) -> bool {
        self.roles.iter().any(|place| leads_to(name, place))
    }

    /// The names in this list whose claims are kept, in whole or in part.
    #[must_use]
    pub fn used<'a>(&self, names: impl Iterator<Item = &'a String>) -> Vec<String> {
        names.filter(|name| self.uses(name)).cloned().collect()
    }
}

/// Whether the JSON of a value has at most `limit` bytes. A longer one is not written out.
fn is_within(value: &Value, limit: usize) -> bool {
    struct Room(usize);
    impl std::io::Write for Room {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or(std::io::ErrorKind::FileTooLarge)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    serde_json::to_writer(Room(limit), value).is_ok()
}

/// Whether a place stands in the claim of this name.
fn leads_to(name: &str, place: &str) -> bool {
    place
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The value at a place. Names may have dots themselves: the longer name is tried first.
fn at<'a>(members: &'a Map<String, Value>, place: &str) -> Option<&'a Value> {
    members.get(place).or_else(|| {
        let mut dots = place.rmatch_indices('.');
        dots.find_map(|(dot, _)| at(members.get(&place[..dot])?.as_object()?, &place[dot + 1..]))
    })
}

#[cfg(test)]
mod tests;
