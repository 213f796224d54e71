//! Who may open what.

use leptos_bff::access::{Rule, Table};

/// People who look after the shop. The role comes from the shop's database, at the sign-in.
pub const STAFF: Rule = Rule::Role("staff");

/// A path that is not listed needs a session.
pub const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/_fn/goods", Rule::Public),
    ("/rest/goods", Rule::Public),
    ("/staff/{*rest}", STAFF),
    ("/_fn/all_orders", STAFF),
]);
