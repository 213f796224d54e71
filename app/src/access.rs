//! The access table: who may open which page and call which server function.
//!
//! Default deny: a path that is not in the [`Table`] needs a session. The server decides with it
//! before it renders anything; pages use it to show or leave out a link. [`TABLE`] is this
//! application's; another application brings its own.

mod decision;
mod rule;
mod table;

pub use decision::{Decision, Missing, decide};
pub use rule::{Flaw, Rule, StepUp};
pub use table::{Access, Table, Unusable, is_called_by_scripts};

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

#[cfg(test)]
mod tests;
