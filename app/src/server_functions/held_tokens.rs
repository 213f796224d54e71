//! Which tokens the server holds for the person's session.

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why nothing was told of the tokens.
    HeldRefusal {
        /// The session has ended meanwhile.
        SessionEnded = "session_ended",
        /// The session store did not answer as it should; later may work.
        Unavailable = "unavailable",
    }
}

/// What the server holds, and by what the browser names its session. It has no token, and no part of the cookie's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The name of the session's cookie.
    pub cookie: String,
    /// The number of characters of its value.
    pub cookie_length: usize,
    /// When the access token expires: RFC 3339, UTC, whole seconds. `None` where the provider did not say.
    pub access_token_until: Option<String>,
    /// Whether there is a refresh token.
    pub has_refresh_token: bool,
}

/// Which tokens the server holds for the session that asks.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a session. A failure of the
/// session store is a [`HeldRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "held_tokens", client = SessionClient)]
pub async fn held_tokens() -> Result<Outcome<Held, HeldRefusal>, Problem> {
    let session = super::session()?;
    let (cookie, cookie_length) = session.cookie();
    let held = match session.held_tokens().await {
        Ok(Some(tokens)) => Ok(Held {
            cookie: cookie.to_owned(),
            cookie_length,
            access_token_until: tokens.access_token_expires_at.map(super::rfc3339),
            has_refresh_token: tokens.has_refresh_token,
        }),
        Ok(None) => Err(HeldRefusal::SessionEnded),
        Err(_) => Err(HeldRefusal::Unavailable),
    };
    Ok(held.into())
}
