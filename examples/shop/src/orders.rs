//! Orders. A person sees their own orders, and the staff sees all.

use crate::cart::Line;
use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The number in the order's address. It is no secret: the access check decides who may see the order.
    pub id: i64,
    /// The time of the order in UTC, such as `2026-11-30 12:00:00`.
    pub placed_at: String,
    /// The goods, with their prices at the time of the order.
    pub lines: Vec<Line>,
}

/// An order of the signed-in person. The answer for another person's order is the same as for one that does not exist.
///
/// # Errors
///
/// As [`cart`](crate::cart::cart). 404 if this person has no such order.
#[server(prefix = "/_fn", endpoint = "my_order", client = SessionClient)]
pub async fn my_order(
    /// The [`Order::id`].
    id: i64,
) -> Result<Order, Problem> {
    use crate::server::{database, failed, person};
    database().order(person()?, id).await.map_err(failed)
}

/// The last 100 orders of the signed-in person, the newest first.
///
/// # Errors
///
/// As [`cart`](crate::cart::cart).
#[server(prefix = "/_fn", endpoint = "my_orders", client = SessionClient)]
pub async fn my_orders() -> Result<Vec<Order>, Problem> {
    use crate::server::{database, failed, person};
    database().orders(Some(person()?)).await.map_err(failed)
}

/// The last 100 orders of all people, the newest first. By the access table, only the staff may call this.
///
/// # Errors
///
/// As [`cart`](crate::cart::cart). 403 for people who do not belong to the staff.
#[server(prefix = "/_fn", endpoint = "all_orders", client = SessionClient)]
pub async fn all_orders() -> Result<Vec<Order>, Problem> {
    use crate::server::{database, failed};
    database().orders(None).await.map_err(failed)
}
