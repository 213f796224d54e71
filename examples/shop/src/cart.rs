//! The cart of the person who is signed in. A change that is refused because the session has ended waits for its person.

use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{ParkingClient, SessionClient};
use serde::{Deserialize, Serialize};

/// Some of one good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The [`Good::id`](crate::goods::Good::id).
    pub good: String,
    /// What people call the good.
    pub name: String,
    /// How many.
    pub count: i64,
    /// What one costs, in cents.
    pub cents: i64,
}

/// What all lines cost, in cents.
#[must_use]
pub fn total(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.count * line.cents).sum()
}

/// What is in the cart.
///
/// # Errors
///
/// A [`Problem`] where nobody is signed in, or the database does not answer.
#[server(prefix = "/_fn", endpoint = "cart", client = SessionClient)]
pub async fn cart() -> Result<Vec<Line>, Problem> {
    use crate::server::{database, failed, person};
    database().cart(person()?).await.map_err(failed)
}

/// Puts one of a good into the cart, or takes one out.
///
/// # Errors
///
/// As [`cart`]; 404 where there is no such good.
#[server(prefix = "/_fn", endpoint = "change_cart", client = ParkingClient)]
pub async fn change_cart(
    /// The [`Good::id`](crate::goods::Good::id).
    good: String,
    /// 1 puts one in, -1 takes one out.
    by: i64,
) -> Result<(), Problem> {
    use crate::server::{database, failed, person};
    database()
        .change_cart(person()?, good, by.signum())
        .await
        .map_err(failed)
}

/// Orders what is in the cart, and leads to the order.
///
/// # Errors
///
/// As [`cart`]; 404 where the cart is empty.
#[server(prefix = "/_fn", endpoint = "place_order", client = ParkingClient)]
pub async fn place_order() -> Result<(), Problem> {
    use crate::server::{database, failed, person};
    let order = database().place_order(person()?).await.map_err(failed)?;
    leptos_axum::redirect(&format!("/orders/{order}"));
    Ok(())
}
