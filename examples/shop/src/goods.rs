//! What there is to buy.

use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// Something on the shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    /// Names it in addresses and forms.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What one costs, in cents.
    pub cents: i64,
}

/// Cents as a price, such as `12.50 €`.
#[must_use]
pub fn price(cents: i64) -> String {
    format!("{}.{:02} €", cents / 100, cents % 100)
}

/// The shelf. Everybody may look at it.
///
/// # Errors
///
/// A [`Problem`] where the database does not answer.
#[server(prefix = "/_fn", endpoint = "goods", client = SessionClient)]
pub async fn goods() -> Result<Vec<Good>, Problem> {
    use crate::server::{database, failed};
    database().goods().await.map_err(failed)
}
