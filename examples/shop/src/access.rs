//! The access table: the rule of each path.

use crate::goods::Goods;
use crate::orders::AllOrders;
use leptos_bff::access;
use leptos_bff::access::{Rule, Table};

/// The people who run the shop. They get the role from the shop's database at the sign-in.
pub const STAFF: Rule = Rule::Role("staff");

/// The name of the check whether an order belongs to the person. The function with this name is in `server.rs`.
pub const OWNS_ORDER: &str = "owns_order";

/// A path that is not listed needs a session.
pub const TABLE: Table = access! {
    "/" | "/signed-out" | "/rest/goods" => Public,
    "/orders/{id}" => Check(OWNS_ORDER),
    "/staff/{*rest}" => STAFF,
    function Goods => Public,
    function AllOrders => STAFF,
};
