//! `GET /auth/session`: the session's state as JSON. Reading it does not extend the session.

use crate::error::Error;
use app::session::SessionState;
use axum::Extension;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use std::sync::Arc;

/// The handler. Our own pages may ask, and a person who opens the address; a script of another
/// site may not (SES-10).
pub(crate) async fn session(
    headers: HeaderMap,
    Extension(state): Extension<Arc<SessionState>>,
) -> Result<Response, Error> {
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Error::CrossSite);
    }
    match &*state {
        SessionState::Unavailable => Err(Error::SessionUnreadable),
        known => Ok(Json(known).into_response()),
    }
}
