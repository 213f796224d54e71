//! The ids of spans that are exported.

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use std::cell::Cell;

thread_local! {
    /// The id of the trace that this thread is about to begin.
    static NEXT: Cell<Option<[u8; 16]>> = const { Cell::new(None) };
}

/// If `begin` begins a trace, the trace gets this id: that of the request, whose log lines have it already.
pub(crate) fn with_trace_id<T>(id: [u8; 16], begin: impl FnOnce() -> T) -> T {
    NEXT.set(Some(id));
    let outcome = begin();
    NEXT.set(None);
    outcome
}

/// Gives random ids, but for the trace of a request.
#[derive(Debug, Default)]
pub(super) struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        NEXT.take().map_or_else(|| self.0.new_trace_id(), TraceId::from_bytes)
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}
