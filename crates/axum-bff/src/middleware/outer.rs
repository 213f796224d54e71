//! What is around every dynamic route, from the outside to the inside:
//!
//! 1. the correlation id, and one line in the log for each request ([`request_log`]);
//! 2. the headers that every response has ([`security_headers`]);
//! 3. what it brings about in the stream of events has its id ([`crate::events`]);
//! 4. the answer to an error ([`error_response`]), a panic's too.
//!
//! One layer, because each one costs a box and a clone of what is inside.

use super::error_response::error_response;
use super::{request_log::Logged, security_headers};
use crate::bff::Bff;
use crate::events::{Cause, within};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

pub(crate) async fn outer(State(state): State<Bff>, mut request: Request, next: Next) -> Response {
    let logged = Logged::begin(&mut request);
    let is_auth = request.uri().path().starts_with("/auth/");
    // Where nobody listens, nothing is written down.
    let cause = state
        .events
        .are_heard()
        .then(|| Cause::of(&state.trusted_proxies, logged.id(), &request));
    let answer = within(cause, error_response(&state, logged.id().clone(), request, next));
    let mut response = answer.instrument(logged.span().clone()).await;
    security_headers::add(&mut response, &state, is_auth);
    logged.end(&mut response);
    response
}
