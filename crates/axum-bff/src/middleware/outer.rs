//! The outermost layer of every dynamic route, from the outside to the inside:
//!
//! 1. the correlation id and the trace, and one line in the log for each request. The line names the route, not the address: an
//!    address can hold a code;
//! 2. the headers that every response has ([`security_headers`]);
//! 3. events that the request causes have its id ([`crate::events`]), and calls of other servers have its trace
//!    ([`crate::trace_context`]);
//! 4. the answer to an error ([`error_response`]), a panic's too.
//!
//! One layer, and so one box: each layer of axum's `from_fn` costs three boxes for each request.

use super::around::{Inner, Waiting};
use super::error_response::error_response;
use super::security_headers;
use crate::bff::Bff;
use crate::events::{Cause, within};
use crate::request::RequestId;
use crate::trace_context::{self, TraceContext};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, Method};
use axum::response::Response;
use std::time::Instant;
use tracing::{Instrument, Span};

/// Logs the answers, gives them their headers, and answers to a failure too.
pub(crate) fn outer<S: Inner>(bff: Bff) -> impl Fn(&mut S, Request) -> Waiting + Clone {
    move |inner, request| {
        let (bff, inner) = (bff.clone(), inner.clone());
        Box::pin(async move { Ok(answer(&bff, request, inner).await) })
    }
}

async fn answer<S: Inner>(bff: &Bff, mut request: Request, inner: S) -> Response {
    let logged = Logged::begin(bff, &mut request);
    let is_auth = request.uri().path().starts_with("/auth/");
    // If nobody listens, nothing is written down.
    let cause = bff
        .events
        .are_heard()
        .then(|| Cause::of(&bff.trusted_proxies, logged.id(), &request));
    let answer = within(cause, error_response(bff, logged.id(), request, inner));
    let answer = trace_context::within(logged.id().trace().clone(), answer);
    let mut response = answer.instrument(logged.span().clone()).await;
    security_headers::add(&mut response, bff, is_auth);
    logged.end(&mut response);
    response
}

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request that is being answered.
struct Logged {
    id: RequestId,
    /// Everything that is logged on the way carries both ids.
    span: Span,
    method: Method,
    route: Option<MatchedPath>,
    started: Instant,
}

impl Logged {
    /// Gives the request its id and its trace.
    fn begin(bff: &Bff, request: &mut Request) -> Self {
        let id = RequestId::new(TraceContext::of(&bff.trusted_proxies, request));
        let trace_id = id.trace().id().text();
        let span = tracing::info_span!("request", request_id = id.as_str(), trace_id = trace_id.as_str());
        #[cfg(feature = "otlp")]
        let id = id.recorded_by(&span);
        request.extensions_mut().insert(id.clone());
        Self {
            span,
            id,
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            started: Instant::now(),
        }
    }

    fn id(&self) -> &RequestId {
        &self.id
    }

    fn span(&self) -> &Span {
        &self.span
    }

    /// Writes the line.
    fn end(self, response: &mut Response) {
        let _in = self.span.enter();
        let method = self.method.as_str();
        let route = self.route.as_ref().map_or("(none)", MatchedPath::as_str);
        let status = response.status().as_u16();
        let micros = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(method, route, status, micros, "answered");
        #[cfg(feature = "otlp")]
        self.id.trace().answered(&self.span, (&self.method, route), status);
        response.headers_mut().insert(X_REQUEST_ID, self.id.header());
    }
}
