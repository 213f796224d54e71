//! `/auth/session`: the session's state as JSON. Reading it does not extend the session; posting to it does.

use crate::bff::Bff;
use crate::error::Error;
use crate::middleware::{Reading, USUAL, session_state};
use crate::request::Presented;
use crate::shown_session::ShownSession;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bff_contract::session::SessionState;
use bff_session::Known;
use serde::Serialize;
use std::sync::Arc;

/// Our own pages may ask, and a person who opens the address; a script of another site may not (SES-10).
pub(super) fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Error> {
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Error::CrossSite);
    }
    Ok(())
}

/// The handler of GET. It reads the session by itself: the answer is written straight from the record.
pub(crate) async fn session(State(bff): State<Bff>, request: Request) -> Response {
    let reading = Reading::of(&bff, request.headers()).await;
    let refusal = match (refuse_other_sites(request.headers()), &reading) {
        (Err(error), _) => error,
        (Ok(()), Reading::Live(Presented { session, .. })) => {
            return json(&ShownSession::of(session, bff.sessions.lifetime(), bff.clock.now()));
        }
        (Ok(()), Reading::Other(SessionState::Degraded(_))) => Error::SessionUnreadable,
        (Ok(()), Reading::Other(state)) => return json(state),
    };
    let mut response = refusal.into_response();
    // An error page shows the same state.
    response.extensions_mut().insert(Arc::new(reading.state(&bff)));
    response
}

/// Most answers are shorter, in bytes: the buffer never grows for them.
const BYTES: usize = 1024;

fn json(state: &impl Serialize) -> Response {
    let mut body = Vec::with_capacity(BYTES);
    serde_json::to_writer(&mut body, state).expect("structs with string keys");
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.reserve(USUAL);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The handler of POST: the person says "stay signed in".
pub(crate) async fn extend_session(State(state): State<Bff>, request: Request) -> Result<Response, Error> {
    let Presented { id, session } = Presented::of(request.extensions())?;
    if let Some(extended) = state.sessions.extend(&session).await? {
        let known = session_state(&extended, state.sessions.lifetime(), state.clock.now());
        return Ok(json(&known));
    }
    // It has ended meanwhile.
    Err(match state.sessions.load(&id).await? {
        Known::Ended(reason) => Error::SessionEnded(reason),
        Known::Live(_) | Known::Nothing => Error::SignInRequired,
    })
}
