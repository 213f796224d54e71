//! A person's purchases elsewhere. The shop gets them from another service, with the person's access token.

use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// An order at the other service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// The number of the order at that service.
    pub number: String,
    /// The state of the order, such as `shipped`.
    pub state: String,
}

/// The person's orders at the API of `BFF_API_DEMO`. The development provider has such an API. The token stays on the server.
///
/// # Errors
///
/// A [`Problem`] if nobody is signed in, or the API gives no good answer.
#[server(prefix = "/_fn", endpoint = "bought_elsewhere", client = SessionClient)]
pub async fn bought_elsewhere() -> Result<Vec<Purchase>, Problem> {
    let api = leptos_bff::server::api("demo")?;
    Ok(api.get("/orders").send().await?.error_for_status()?.json().await?)
}
