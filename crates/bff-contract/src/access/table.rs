//! Which rule a path has.

#[cfg(target_family = "wasm")]
use super::matcher::List as Lines;
#[cfg(not(target_family = "wasm"))]
use super::matcher::Tree as Lines;
use super::unusable::Unusable;
use super::{Rule, StepUp};
use crate::paths;
use std::fmt;
use std::sync::Arc;

/// Every path that differs from the default, [`Rule::SignedIn`].
///
/// [`access!`](crate::access!) writes one, and [`Table::new`] takes the same as data.
///
/// A path is written as axum writes the path of a route: `/orders/{id}` is every order, `/admin/{*rest}` everything below
/// `/admin/`, and not `/admin` itself. Where several match, the most specific one counts. A server refuses to start with a rule
/// that no request can meet, or that some spelling of an address would miss.
///
/// `/api/<name>` is the relayed API of that name, with all that is below it.
///
/// A server function or an API that wants a fresh authentication has a page here with the same rule: the
/// person is sent to authenticate again by way of a page.
#[derive(Clone, Copy, Debug)]
pub struct Table(&'static [(&'static str, Rule)]);

impl Table {
    /// A table of these paths.
    #[must_use]
    pub const fn new(rules: &'static [(&'static str, Rule)]) -> Self {
        Self(rules)
    }

    /// Every path that is listed.
    pub fn rules(self) -> impl Iterator<Item = (&'static str, Rule)> {
        self.0.iter().copied()
    }

    /// The table, ready to be asked.
    #[must_use]
    pub fn access(self) -> Access {
        Access::new(self)
    }
}

/// An access table that is ready to be asked. Clones share it.
#[derive(Clone)]
pub struct Access(Arc<Ready>);

struct Ready {
    table: Table,
    rules: Lines,
    unusable: Vec<(&'static str, Unusable)>,
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Access").field(&self.0.table).finish()
    }
}

impl Access {
    fn new(table: Table) -> Self {
        let mut rules = Lines::default();
        let mut unusable = Vec::new();
        for (path, rule) in table.rules() {
            let added = match rule.flaw() {
                Some(flaw) => Err(flaw.into()),
                None => rules.add((path, rule)),
            };
            unusable.extend(added.err().map(|why| (path, why)));
        }
        Self(Arc::new(Ready { table, rules, unusable }))
    }

    /// The table as it was written.
    #[must_use]
    pub fn table(&self) -> Table {
        self.0.table
    }

    /// The lines that are left out, with why.
    #[must_use]
    pub fn unusable(&self) -> &[(&'static str, Unusable)] {
        &self.0.unusable
    }

    /// The rule for the path of an address, as it stands in the request.
    #[must_use]
    pub fn rule(&self, path: &str) -> Rule {
        self.0.rules.find(path).map_or(Rule::SignedIn, |(_, rule)| rule)
    }

    /// The line of the table that decides about the path of an address. None: the default does.
    #[must_use]
    pub fn line(&self, path: &str) -> Option<&'static str> {
        self.0.rules.find(path).map(|(line, _)| line)
    }

    /// The rule for the relayed API of this name: that of `/api/<name>`.
    #[must_use]
    pub fn api_rule(&self, name: &str) -> Rule {
        self.api(name).map_or(Rule::SignedIn, |(_, rule)| rule)
    }

    /// The line of the table that decides about the relayed API of this name. None: the default does.
    #[must_use]
    pub fn api_line(&self, name: &str) -> Option<&'static str> {
        self.api(name).map(|(line, _)| line)
    }

    fn api(&self, name: &str) -> Option<(&'static str, Rule)> {
        let mut rules = self.0.table.rules();
        rules.find(|(path, _)| path.strip_prefix(paths::API) == Some(name))
    }

    /// The page on which a person can authenticate like this: the requested page, or another page of the table if the
    /// request is for something that is no page.
    #[must_use]
    pub fn page_to_step_up_on(&self, asked: &str, step_up: StepUp) -> Option<&'static str> {
        if self.rule(asked).step_up().covers(step_up) {
            return None;
        }
        self.page_for(step_up)
    }

    /// A page of the table whose rule asks the provider for such an authentication. One with parameters is no address to send
    /// a person to.
    #[must_use]
    pub fn page_for(&self, step_up: StepUp) -> Option<&'static str> {
        self.0
            .table
            .rules()
            .filter(|(path, _)| !path.contains('{') && !is_called_by_scripts(path))
            .find(|(_, rule)| rule.step_up().covers(step_up))
            .map(|(path, _)| path)
    }
}

/// Whether the path is a server function's or an API's, and so no page that a person could be sent to.
#[must_use]
pub fn is_called_by_scripts(path: &str) -> bool {
    path.starts_with(paths::FUNCTIONS) || path.starts_with(paths::API)
}
