//! Access rules: they decide which people may open a page, or call a server function or an API.
//!
//! Default deny: a path that is not in the [`Table`] needs a session. The server decides with the table before it renders or
//! runs anything. The browser decides with the same one before it navigates by itself.
//!
//! ```
//! use bff_contract::access;
//! use bff_contract::access::{Decision, Rule, Table, decide};
//! use bff_contract::session::SessionState;
//!
//! const TABLE: Table = access! {
//!     "/" | "/signed-out" => Public,
//!     "/invoices/{id}" => Any(&[Role("clerk"), Role("admin")]),
//!     "/orders/{id}" => Check("owns_order"),
//!     "/admin/{*rest}" => All(&[Role("admin"), Fresh(300)]),
//!     api "stock" => Role("clerk"),
//! };
//!
//! let access = TABLE.access();
//! assert_eq!(access.rule("/"), Rule::Public);
//! assert_eq!(access.rule("/profile"), Rule::SignedIn);
//! assert_eq!(decide(access.rule("/orders/7"), &SessionState::Anonymous), Decision::SignIn);
//! ```

mod decision;
mod matcher;
mod rule;
mod server_function;
mod table;
mod table_macro;
mod unusable;

pub use decision::{Decision, Missing, decide, decide_checked};
pub use rule::{Flaw, Rule, StepUp};
pub use server_function::ServerFunction;
pub use table::{Access, Table, is_called_by_scripts};
pub use unusable::Unusable;

#[cfg(test)]
mod tests;
