//! W3C Trace Context (<https://www.w3.org/TR/trace-context/>): the trace that a request belongs to.
//!
//! A request goes on with the trace of a proxy that the settings trust (`BFF_TRUSTED_PROXIES`). Anybody else could put
//! requests into somebody's trace, or have all of them recorded: their headers are not read, and the request begins a trace.
//!
//! Calls to the provider and to APIs are children of the request's span. `baggage` goes nowhere.

mod ids;
mod incoming;
#[cfg(feature = "otlp")]
mod recorded;

pub(crate) use ids::{Hexadecimal, TraceId};

use crate::client_address::{Peer, TrustedProxies};
use axum::extract::{ConnectInfo, Request};
#[cfg(feature = "otlp")]
use axum::http::Method;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ids::SpanId;
use incoming::Parent;
use tracing::Instrument;
#[cfg(feature = "otlp")]
use tracing::Span;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The length of `traceparent`, in characters.
const TRACEPARENT_LENGTH: usize = 55;

tokio::task_local! {
    static CURRENT: Option<TraceContext>;
}

/// The trace of a request, and the request's span in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    trace_id: TraceId,
    /// The span of this request.
    span_id: SpanId,
    /// The span of the trusted proxy that sent the request.
    parent: Option<SpanId>,
    is_sampled: bool,
    /// Whether this process records the trace.
    is_recorded: bool,
    state: Option<HeaderValue>,
}

impl TraceContext {
    /// The trace of this request. The headers of strangers are not read.
    pub(crate) fn of(proxies: &TrustedProxies, request: &Request) -> Self {
        let peer = request.extensions().get::<ConnectInfo<Peer>>();
        let is_trusted = peer.is_some_and(|ConnectInfo(Peer(peer))| proxies.contains(peer.ip()));
        let parent = if is_trusted {
            incoming::read(request.headers())
        } else {
            None
        };
        parent.map_or_else(Self::begin, Self::below)
    }

    /// A new trace, which nobody else knows.
    pub(crate) fn begin() -> Self {
        Self {
            trace_id: TraceId::random(),
            span_id: SpanId::random(),
            parent: None,
            is_sampled: false,
            is_recorded: false,
            state: None,
        }
    }

    fn below(parent: Parent) -> Self {
        Self {
            trace_id: parent.trace_id,
            span_id: SpanId::random(),
            parent: Some(parent.span_id),
            is_sampled: parent.is_sampled,
            is_recorded: false,
            state: parent.state,
        }
    }

    pub(crate) fn id(&self) -> TraceId {
        self.trace_id
    }

    /// The trace id for a problem: where somebody else can find the trace by it.
    pub(crate) fn known_id(&self) -> Option<Box<str>> {
        let is_known = self.parent.is_some() || self.is_recorded;
        is_known.then(|| self.trace_id.text().as_str().into())
    }

    /// Puts a child of the request's span into the headers of a call. Headers of the same names go.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        headers.remove(TRACESTATE);
        let child = if self.is_recorded {
            self.recorded_span()
        } else {
            SpanId::random()
        };
        headers.insert(TRACEPARENT, self.traceparent(child));
        if let Some(state) = &self.state {
            headers.insert(TRACESTATE, state.clone());
        }
    }

    /// The recorded span that a call belongs to: the receiver finds its parent in the trace.
    fn recorded_span(&self) -> SpanId {
        #[cfg(feature = "otlp")]
        if let Some(span) = recorded::current(self.trace_id) {
            return span;
        }
        self.span_id
    }

    /// The request's span begins. Where spans are exported, the exporter decides about its id, and whether it is sampled.
    #[cfg(feature = "otlp")]
    pub(crate) fn record(&mut self, span: &Span) {
        if let Some(recorded) = recorded::begin(span, self) {
            self.span_id = recorded.span_id;
            self.is_sampled = recorded.is_sampled;
            self.is_recorded = recorded.is_sampled;
        }
    }

    /// The request is answered.
    #[cfg(feature = "otlp")]
    pub(crate) fn answered(&self, span: &Span, (method, route): (&Method, &str), status: u16) {
        if self.is_recorded {
            recorded::answered(span, method, route, status);
        }
    }

    /// The header of version 00 (Trace Context §3.2).
    fn traceparent(&self, span: SpanId) -> HeaderValue {
        let mut text = [b'-'; TRACEPARENT_LENGTH];
        text[..2].copy_from_slice(b"00");
        text[3..35].copy_from_slice(self.trace_id.text().as_bytes());
        text[36..52].copy_from_slice(span.text().as_bytes());
        text[53..].copy_from_slice(if self.is_sampled { b"01" } else { b"00" });
        HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(""))
    }
}

/// Work for a request of this trace.
pub(crate) fn within<W: Future>(trace: TraceContext, work: W) -> impl Future<Output = W::Output> {
    CURRENT.scope(Some(trace), work)
}

/// Work for the request at hand, in a task of its own. Its log lines have the ids of the request.
pub(crate) fn carried<W: Future>(work: W) -> impl Future<Output = W::Output> {
    let current = CURRENT.try_with(Clone::clone).ok().flatten();
    CURRENT.scope(current, work.in_current_span())
}

/// Puts a child of the span of the request at hand into the headers of a call. Work that no request brings about has no
/// trace.
pub(crate) fn add_current_to(headers: &mut HeaderMap) {
    let _ = CURRENT.try_with(|trace| {
        if let Some(trace) = trace {
            trace.add_to(headers);
        }
    });
}

#[cfg(test)]
mod tests;
