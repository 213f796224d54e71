//! A correlation id for every request, and one line in the log.
//!
//! The id is made here and never taken from the client. It is a name and no secret: the operating system is not asked
//! for each one. The line names the route, not the address: an address can hold a code.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use std::fmt;
use std::time::Instant;
use tracing::Span;

/// The correlation id: 96 random bits as 24 hexadecimal digits. It is in the log, in the header
/// `x-request-id` and on error pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl RequestId {
    fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    fn new() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 24];
        for (pair, byte) in text.chunks_exact_mut(2).zip(rand::random::<[u8; 12]>()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("none")))
    }
}

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request that is being answered.
pub(super) struct Logged {
    id: RequestId,
    /// Everything that is logged on the way carries the id.
    span: Span,
    method: Method,
    route: Option<MatchedPath>,
    started: Instant,
}

impl Logged {
    /// Gives the request its id.
    pub(super) fn begin(request: &mut Request) -> Self {
        let id = RequestId::new();
        request.extensions_mut().insert(id.clone());
        Self {
            span: tracing::info_span!("request", request_id = id.as_str()),
            id,
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            started: Instant::now(),
        }
    }

    pub(super) fn id(&self) -> &RequestId {
        &self.id
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// Writes the line.
    pub(super) fn end(self, response: &mut Response) {
        let _in = self.span.enter();
        let method = self.method.as_str();
        let route = self.route.as_ref().map_or("(none)", MatchedPath::as_str);
        let status = response.status().as_u16();
        let micros = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(method, route, status, micros, "answered");
        response.headers_mut().insert(X_REQUEST_ID, self.id.0.clone());
    }
}
