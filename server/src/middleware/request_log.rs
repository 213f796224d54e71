//! A correlation id for every request, and one line in the log.
//!
//! The id is made here and never taken from the client. The line names the route, not the
//! address: an address can hold a code.

use crate::key_ring;
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::fmt::{self, Write};
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;

/// The correlation id: 96 random bits as 24 hexadecimal digits. It is in the log, in the header
/// `x-request-id` and on error pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl RequestId {
    fn new() -> Self {
        let mut text = String::with_capacity(24);
        for byte in key_ring::random::<12>() {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text.into())
    }
}

pub(crate) async fn request_log(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::new();
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());
    // Everything that is logged on the way carries the id.
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(%method, route, status, micros, "answered"));
    response
}
