//! The cart of the signed-in person. If a change is refused because the session has ended, the change waits until the
//! same person signs in again.

use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{ParkingClient, SessionClient};
use serde::{Deserialize, Serialize};

/// A number of one good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The [`Good::id`](crate::goods::Good::id).
    pub good: String,
    /// The name of the good on the page.
    pub name: String,
    /// The number of pieces.
    pub count: i64,
    /// The price of one piece, in cents.
    pub cents: i64,
}

/// The price of all lines, in cents.
#[must_use]
pub fn total(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.count * line.cents).sum()
}

/// The lines of the cart.
///
/// # Errors
///
/// A [`Problem`] if nobody is signed in, or the database fails.
#[server(prefix = "/_fn", endpoint = "cart", client = SessionClient)]
pub async fn cart() -> Result<Vec<Line>, Problem> {
    use crate::server::{database, failed, person};
    database().cart(person()?).await.map_err(failed)
}

/// Puts one of a good into the cart, or takes one out.
///
/// # Errors
///
/// As [`cart`]. 404 if there is no such good.
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

/// Orders all lines of the cart, and redirects to the order.
///
/// # Errors
///
/// As [`cart`]. 404 if the cart is empty.
#[server(prefix = "/_fn", endpoint = "place_order", client = ParkingClient)]
pub async fn place_order() -> Result<(), Problem> {
    use crate::server::{database, failed, person};
    let order = database().place_order(person()?).await.map_err(failed)?;
    leptos_axum::redirect(&format!("/orders/{order}"));
    Ok(())
}
