//! `/auth/session`: the session's state as JSON. Reading it does not extend the session; posting to it does.

use crate::bff::Bff;
use crate::error::Error;
use crate::middleware::session_state;
use crate::request::Presented;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use bff_contract::session::SessionState;
use bff_session::Known;
use std::sync::Arc;

/// Our own pages may ask, and a person who opens the address; a script of another site may not (SES-10).
pub(super) fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Error> {
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Error::CrossSite);
    }
    Ok(())
}

/// The handler of GET.
pub(crate) async fn session(request: Request) -> Result<Response, Error> {
    refuse_other_sites(request.headers())?;
    match request.extensions().get::<Arc<SessionState>>().map(|state| &**state) {
        Some(SessionState::Degraded(_)) => Err(Error::SessionUnreadable),
        Some(known) => Ok(Json(known).into_response()),
        None => Ok(Json(SessionState::Anonymous).into_response()),
    }
}

/// The handler of POST: the person says "stay signed in".
pub(crate) async fn extend_session(State(state): State<Bff>, request: Request) -> Result<Response, Error> {
    let Presented { id, session } = Presented::of(request.extensions())?;
    if let Some(extended) = state.sessions.extend(&session).await? {
        let known = session_state(&extended, state.sessions.lifetime(), state.clock.now());
        return Ok(Json(known).into_response());
    }
    // It has ended meanwhile.
    Err(match state.sessions.load(&id).await? {
        Known::Ended(reason) => Error::SessionEnded(reason),
        Known::Live(_) | Known::Nothing => Error::SignInRequired,
    })
}
