//! `POST /auth/dismiss?return_to=/path`: the person has read why the session ended, and wants to see it no more.
//!
//! The reason is forgotten in the store. The cookie stays, although it opens nothing any more: nobody can tell whether the
//! browser has a newer one by the time an answer that removes it arrives.

use crate::bff::Bff;
use crate::cookies;
use crate::error::Error;
use crate::request::is_navigation;
use crate::response::see_other;
use crate::return_to::ReturnTo;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bff_session::SessionId;

/// The handler. A form without JavaScript comes back to its page.
pub(crate) async fn dismiss(
    State(state): State<Bff>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    if let Some(id) = cookies::read(&headers, &state.cookies.session).and_then(SessionId::parse) {
        state.sessions.forget_end(&id).await?;
    }
    if is_navigation(&headers) {
        let page = ReturnTo::of_query(query.as_deref().unwrap_or_default(), &state.public_url);
        return Ok(see_other(page.unwrap_or_default().as_str()));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
