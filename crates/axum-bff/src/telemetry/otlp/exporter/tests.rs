use super::*;
use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{Event, Link, SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::{SpanEvents, SpanLinks};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// A collector that keeps what it gets, or is away.
#[derive(Clone, Debug, Default)]
struct Collector(Arc<Mutex<(Vec<SpanData>, bool)>>);

impl SpanExporter for Collector {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut state = self.0.lock().expect("nobody panicked");
        if state.1 {
            return Err(OTelSdkError::InternalFailure("canary".to_owned()));
        }
        state.0.extend(batch);
        Ok(())
    }
}

fn span(name: &'static str, attributes: Vec<KeyValue>) -> SpanData {
    let context = |id| {
        SpanContext::new(
            TraceId::from_bytes([7; 16]),
            SpanId::from_bytes([id; 8]),
            TraceFlags::SAMPLED,
            false,
            TraceState::default(),
        )
    };
    let mut span = SpanData {
        span_context: context(1),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: name.into(),
        start_time: SystemTime::UNIX_EPOCH,
        end_time: SystemTime::UNIX_EPOCH,
        attributes,
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::error("canary"),
        instrumentation_scope: InstrumentationScope::default(),
    };
    let canary = || vec![KeyValue::new("code", "canary")];
    span.events
        .events
        .push(Event::new("canary", SystemTime::UNIX_EPOCH, canary(), 0));
    span.links.links.push(Link::new(context(2), canary(), 0));
    span
}

async fn exported(span: SpanData) -> SpanData {
    let collector = Collector::default();
    let exporter = Exporter::new(collector.clone());
    exporter.export(vec![span]).await.expect("the collector takes it");
    let state = collector.0.lock().expect("nobody panicked");
    state.0[0].clone()
}

#[tokio::test]
async fn only_attributes_of_the_list_leave_and_only_with_words_of_ours() {
    let text = |key: &'static str, value: &str| KeyValue::new(key, value.to_owned());
    let left = exported(span(
        "provider_call",
        vec![
            text("operation", "token"),
            KeyValue::new("attempt", 2_i64),
            text("url", "https://canary.example"),
            text("claims", "canary"),
            text("code", "eyJhbGciOiJSUzI1NiJ9.CANARY"),
            text("reason", &"canary".repeat(20)),
            text("api", "Canary=1"),
        ],
    ))
    .await;
    let keys: Vec<&str> = left.attributes.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["operation", "attempt"]);
    assert_eq!(left.span_kind, SpanKind::Client);
    assert!(!format!("{left:?}").to_lowercase().contains("canary"), "{left:?}");
}

#[tokio::test]
async fn a_request_is_called_by_its_method_and_its_route() {
    let attributes = vec![
        KeyValue::new(METHOD, "GET"),
        KeyValue::new(ROUTE, "/orders/{id}"),
        KeyValue::new(STATUS, 200_i64),
        KeyValue::new("request_id", "4bf92f3577b34da6a3ce929d"),
        KeyValue::new("trace_id", "0af7651916cd43dd8448eb211c80319c"),
    ];
    let left = exported(span("request", attributes)).await;
    assert_eq!(left.name, "GET /orders/{id}");
    assert_eq!(left.span_kind, SpanKind::Server);
    assert_eq!(left.attributes.len(), 4, "the span has the trace id by itself");
}

#[tokio::test]
async fn a_collector_that_is_away_loses_its_spans_and_gets_the_next_ones() {
    let collector = Collector::default();
    let exporter = Exporter::new(collector.clone());
    for (is_away, rounds) in [(true, 3), (false, 2), (true, 1)] {
        collector.0.lock().expect("nobody panicked").1 = is_away;
        for _ in 0..rounds {
            let outcome = exporter.export(vec![span("request", Vec::new())]).await;
            assert_eq!(outcome.is_err(), is_away);
            assert_eq!(exporter.is_away.load(Ordering::Relaxed), is_away);
        }
    }
    assert_eq!(collector.0.lock().expect("nobody panicked").0.len(), 2);
}

#[test]
fn the_log_says_once_that_the_collector_is_away_and_once_that_it_is_back() {
    let exporter = Exporter::new(Collector::default());
    let said = [false, true, true, true, false, false, true].map(|is_away| exporter.note(is_away));
    assert_eq!(said, [false, true, false, false, true, false, true]);
}
