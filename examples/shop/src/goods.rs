//! The goods that the shop sells.

use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// A good that the shop sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    /// The id in addresses and forms.
    pub id: String,
    /// The name on the page.
    pub name: String,
    /// The price of one piece, in cents.
    pub cents: i64,
}

/// Cents as a price, such as `12.50 €`.
#[must_use]
pub fn price(cents: i64) -> String {
    format!("{}.{:02} €", cents / 100, cents % 100)
}

/// All goods. Everybody may see them.
///
/// # Errors
///
/// A [`Problem`] if the database fails.
#[server(prefix = "/_fn", endpoint = "goods", client = SessionClient)]
pub async fn goods() -> Result<Vec<Good>, Problem> {
    use crate::server::{database, failed};
    database().goods().await.map_err(failed)
}
