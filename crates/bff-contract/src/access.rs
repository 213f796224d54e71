//! Access rules: who may open which page, and call which server function or API.
//!
//! Default deny: a path that is not in the [`Table`] needs a session. The server decides with the table before it renders or
//! runs anything. The browser decides with the same one before it navigates by itself.
//!
//! ```
//! use bff_contract::access::{Decision, Rule, Table, decide};
//! use bff_contract::session::SessionState;
//!
//! const TABLE: Table = Table::new(&[
//!     ("/", Rule::Public),
//!     ("/orders/{id}", Rule::Any(&[Rule::Role("clerk"), Rule::Role("admin")])),
//!     ("/admin/{*rest}", Rule::All(&[Rule::Role("admin"), Rule::Fresh(300)])),
//! ]);
//!
//! let access = TABLE.access();
//! assert_eq!(access.rule("/"), Rule::Public);
//! assert_eq!(access.rule("/profile"), Rule::SignedIn);
//! assert_eq!(decide(access.rule("/orders/7"), &SessionState::Anonymous), Decision::SignIn);
//! ```

mod decision;
mod matcher;
mod rule;
mod table;

pub use decision::{Decision, Missing, decide};
pub use rule::{Flaw, Rule, StepUp};
pub use table::{Access, Table, Unusable, is_called_by_scripts};

#[cfg(test)]
mod tests;
