//! A browser's call to an API, and the answer as the browser gets it.

use super::call::{Call, is_event_stream};
use super::response_body::RelayedBody;
use super::response_headers::{POLICY, relayed};
use super::socket::Handshake;
use super::{Relay, UpstreamError};
use crate::error::Error;
use crate::response::{FinalResponse, OwnPolicy};
use axum::body::Body;
use axum::http::HeaderValue;
use axum::response::Response;
use hyper::body::Incoming;

/// Calls the API and passes its answer on. `handshake` is there where a WebSocket is asked for.
pub(super) async fn forward(
    relay: &Relay,
    call: Call,
    handshake: Option<Handshake>,
    body: Body,
) -> Result<Response, Error> {
    let (method, upstream) = (call.head.method.clone(), call.upstream.clone());
    let answered = call.send(relay, body).await?;
    if answered.is_switching() {
        let handshake = handshake.ok_or_else(|| upstream.failed(UpstreamError::Malformed))?;
        let (upstream, answer, bounds) = answered.switched(relay);
        return Ok(handshake.join(&upstream, answer, bounds)?);
    }
    let answer = answered.bounded(relay)?;
    let headers = relayed(answer.headers(), &method, &upstream);
    Ok(shown(answer, headers))
}

/// The answer for the browser, with these headers in place of its own.
fn shown(answer: axum::http::Response<RelayedBody<Incoming>>, mut headers: axum::http::HeaderMap) -> Response {
    if is_event_stream(&headers) {
        // nginx in front of us holds events back otherwise.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    }
    let status = answer.status();
    let mut response = Response::new(Body::new(answer.into_body()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    // An API's 404 is its own to explain.
    response.extensions_mut().insert(FinalResponse);
    response
        .extensions_mut()
        .insert(OwnPolicy(HeaderValue::from_static(POLICY)));
    response
}
