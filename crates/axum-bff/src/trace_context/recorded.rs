//! Traces that are exported: the request's span in `tracing`, and the ids that the exporter gives.

use super::TraceContext;
use super::ids::{SpanId, TraceId};
use crate::telemetry::otlp::with_trace_id;
use axum::http::Method;
use opentelemetry::Context;
use opentelemetry::trace::{self, SpanContext, Status, TraceContextExt, TraceFlags, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The span as the exporter knows it.
pub(super) struct Recorded {
    pub(super) span_id: SpanId,
    pub(super) is_sampled: bool,
}

/// Begins the request's span in its trace. None: no spans are exported.
pub(super) fn begin(span: &Span, trace: &TraceContext) -> Option<Recorded> {
    if let Some(parent) = trace.parent {
        let flags = TraceFlags::default().with_sampled(trace.is_sampled);
        let parent = SpanContext::new(
            trace::TraceId::from_bytes(trace.trace_id.bytes()),
            trace::SpanId::from_bytes(parent.bytes()),
            flags,
            true,
            TraceState::default(),
        );
        // An error says that no spans are exported.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    let context = with_trace_id(trace.trace_id.bytes(), || span.context());
    let span = context.span();
    let begun = span.span_context();
    begun.is_valid().then(|| Recorded {
        span_id: SpanId::of(begun.span_id().to_bytes()),
        is_sampled: begun.is_sampled(),
    })
}

/// The innermost span around this call, where it belongs to this trace.
pub(super) fn current(trace_id: TraceId) -> Option<SpanId> {
    let context = Span::current().context();
    let span = context.span();
    let current = span.span_context();
    let is_of_trace = current.is_valid() && current.trace_id().to_bytes() == trace_id.bytes();
    is_of_trace.then(|| SpanId::of(current.span_id().to_bytes()))
}

/// Gives the request's span its method, its route and its status.
pub(super) fn answered(span: &Span, method: &Method, route: &str, status: u16) {
    use crate::telemetry::otlp::{METHOD, ROUTE, STATUS};
    span.set_attribute(METHOD, known(method));
    span.set_attribute(ROUTE, route.to_owned());
    span.set_attribute(STATUS, i64::from(status));
    if status >= 500 {
        span.set_status(Status::error(""));
    }
}

/// Anybody can make up methods.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
    ];
    let known = KNOWN.into_iter().find(|known| *known == method.as_str());
    known.unwrap_or("_OTHER")
}
