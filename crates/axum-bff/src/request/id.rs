//! The correlation id of a request, and the trace that the request belongs to.
//!
//! The correlation id is made here and never taken from the client. It is a name and no secret: the operating system is not
//! asked for each one.

use crate::trace_context::{Hexadecimal, TraceContext};
use axum::http::HeaderValue;
use std::fmt;

/// The correlation id: 96 random bits as 24 hexadecimal digits. It is in the log, in the header
/// `x-request-id` and on error pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId {
    text: Hexadecimal<DIGITS>,
    /// It is in here, so that a request has one extension less.
    trace: TraceContext,
}

const DIGITS: usize = 24;

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl RequestId {
    pub(crate) fn new(trace: TraceContext) -> Self {
        Self {
            text: Hexadecimal::of(&rand::random::<[u8; DIGITS / 2]>()),
            trace,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The trace, with the span of this request.
    pub(crate) fn trace(&self) -> &TraceContext {
        &self.trace
    }

    /// The request's span begins.
    #[cfg(feature = "otlp")]
    pub(crate) fn recorded_by(mut self, span: &tracing::Span) -> Self {
        self.trace.record(span);
        self
    }

    /// The value of the header `x-request-id`.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_bytes(self.text.as_bytes()).unwrap_or(HeaderValue::from_static("none"))
    }
}
