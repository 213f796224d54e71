//! Who may open what.

use crate::goods::Goods;
use crate::orders::AllOrders;
use leptos_bff::access;
use leptos_bff::access::{Rule, Table};

/// People who look after the shop. The role comes from the shop's database, at the sign-in.
pub const STAFF: Rule = Rule::Role("staff");

/// The check whether an order is the person's own. The function of this name is in `server.rs`.
pub const OWNS_ORDER: &str = "owns_order";

/// A path that is not listed needs a session.
pub const TABLE: Table = access! {
    "/" | "/signed-out" | "/rest/goods" => Public,
    "/orders/{id}" => Check(OWNS_ORDER),
    "/staff/{*rest}" => STAFF,
    function Goods => Public,
    function AllOrders => STAFF,
};
