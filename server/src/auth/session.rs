//! `GET /auth/session`: the session's state as JSON. Reading it does not extend the session.

use crate::error::Error;
use app::session::SessionState;
use axum::extract::Request;
use axum::response::{IntoResponse, Json, Response};
use std::sync::Arc;

/// The handler. Our own pages may ask, and a person who opens the address; a script of another
/// site may not (SES-10).
pub(crate) async fn session(request: Request) -> Result<Response, Error> {
    let site = request.headers().get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Error::CrossSite);
    }
    match request.extensions().get::<Arc<SessionState>>().map(|state| &**state) {
        Some(SessionState::Degraded(_)) => Err(Error::SessionUnreadable),
        Some(known) => Ok(Json(known).into_response()),
        None => Ok(Json(SessionState::Anonymous).into_response()),
    }
}
