//! One line in the log for every request. The line names the route, not the address: an address can hold a code.

use crate::request::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, Method};
use axum::response::Response;
use std::time::Instant;
use tracing::Span;

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
        response.headers_mut().insert(X_REQUEST_ID, self.id.header());
    }
}
