//! What of a span leaves the process, and the word about a collector that is away.

use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The attributes that a request's span has. Their values are a method, a route's pattern and a status.
pub(crate) const METHOD: &str = "http.request.method";
pub(crate) const ROUTE: &str = "http.route";
pub(crate) const STATUS: &str = "http.response.status_code";

/// The further attributes that leave, where their value is a number, a truth value, or a word of ours.
const WORDS: [&str; 9] = [
    "api",
    "attempt",
    "code",
    "endpoint",
    "kind",
    "operation",
    "outcome",
    "reason",
    "request_id",
];
/// Longer texts are no words of ours.
const LONGEST_WORD: usize = 64;

/// The name of a request's span.
const REQUEST: &str = "request";
/// The spans of calls of other servers.
const CALLS: [&str; 3] = ["provider_call", "relayed_call", "store_command"];

/// Passes on of each span what may leave.
#[derive(Debug)]
pub(super) struct Exporter<E> {
    collector: E,
    is_away: AtomicBool,
}

impl<E> Exporter<E> {
    pub(super) fn new(collector: E) -> Self {
        Self {
            collector,
            is_away: AtomicBool::new(false),
        }
    }

    /// Says that the collector is away, and that it is back, once each. True: it has said something.
    fn note(&self, is_away: bool) -> bool {
        let was_away = self.is_away.swap(is_away, Ordering::Relaxed);
        if is_away && !was_away {
            tracing::warn!(
                code = "traces_unavailable",
                "the collector takes no spans: they are lost, and nothing else is"
            );
        } else if was_away && !is_away {
            tracing::info!(code = "traces_back", "the collector takes spans again");
        }
        is_away != was_away
    }
}

impl<E: SpanExporter> SpanExporter for Exporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let batch = batch.into_iter().map(shown).collect();
        let outcome = self.collector.export(batch).await;
        self.note(outcome.is_err());
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.collector.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.collector.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.collector.set_resource(resource);
    }
}

/// The span as the collector gets it: its times, its ids, and attributes of the list.
fn shown(mut span: SpanData) -> SpanData {
    span.attributes.retain(is_shown);
    span.events.events.clear();
    span.links.links.clear();
    if matches!(span.status, Status::Error { .. }) {
        span.status = Status::error("");
    }
    if span.name == REQUEST {
        span.span_kind = SpanKind::Server;
        if let Some(name) = name(&span.attributes) {
            span.name = name.into();
        }
    } else if CALLS.contains(&span.name.as_ref()) {
        span.span_kind = SpanKind::Client;
    }
    span
}

/// Such as `GET /orders/{id}`: many requests have the same.
fn name(attributes: &[KeyValue]) -> Option<String> {
    let value = |key: &str| {
        let mut attributes = attributes.iter();
        attributes.find(|attribute| attribute.key.as_str() == key)
    };
    let (method, route) = (value(METHOD)?, value(ROUTE)?);
    Some(format!("{} {}", method.value.as_str(), route.value.as_str()))
}

fn is_shown(attribute: &KeyValue) -> bool {
    let key = attribute.key.as_str();
    [METHOD, ROUTE, STATUS].contains(&key) || (WORDS.contains(&key) && is_word(&attribute.value))
}

/// Words of ours are lower case. A token, a code or an id of a session has upper case too, or is longer.
fn is_word(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::I64(_) | Value::F64(_) => true,
        Value::String(text) => {
            let is_ours = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-. ".contains(&byte);
            text.as_str().len() <= LONGEST_WORD && text.as_str().bytes().all(is_ours)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
