//! Orders: a person sees their own, the staff sees all.

use crate::cart::Line;
use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// What somebody ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Names it in its address. Whoever knows it opens nothing with it.
    pub id: i64,
    /// When, as `2026-11-30 12:00:00` in UTC.
    pub placed_at: String,
    /// What, at the prices of that moment.
    pub lines: Vec<Line>,
}

/// An order of the person who is signed in. Another person's order is answered as one that is not there.
///
/// # Errors
///
/// A [`Problem`]: 404 where this person has no such order, or as [`cart`](crate::cart::cart).
#[server(prefix = "/_fn", endpoint = "my_order", client = SessionClient)]
pub async fn my_order(
    /// The [`Order::id`].
    id: i64,
) -> Result<Order, Problem> {
    use crate::server::{database, failed, person};
    database().order(person()?, id).await.map_err(failed)
}

/// The orders of the person who is signed in, the last one first.
///
/// # Errors
///
/// As [`cart`](crate::cart::cart).
#[server(prefix = "/_fn", endpoint = "my_orders", client = SessionClient)]
pub async fn my_orders() -> Result<Vec<Order>, Problem> {
    use crate::server::{database, failed, person};
    database().orders(Some(person()?)).await.map_err(failed)
}

/// The orders of everybody, the last one first. The access table gives them to the staff.
///
/// # Errors
///
/// As [`cart`](crate::cart::cart); 403 for people who are not of the staff.
#[server(prefix = "/_fn", endpoint = "all_orders", client = SessionClient)]
pub async fn all_orders() -> Result<Vec<Order>, Problem> {
    use crate::server::{database, failed};
    database().orders(None).await.map_err(failed)
}
