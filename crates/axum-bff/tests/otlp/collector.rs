//! A collector of OpenTelemetry: it takes OTLP over HTTP, on loopback.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Longer than the exporter lets a span wait, and than it waits for an answer.
const LONG: Duration = Duration::from_secs(30);

/// Everything that it got.
#[derive(Debug, Default)]
pub(crate) struct Got {
    pub(crate) bodies: Vec<Bytes>,
    pub(crate) authorization: Vec<String>,
    pub(crate) spans: Vec<Span>,
}

impl Got {
    /// The spans of this trace.
    pub(crate) fn trace(&self, id: &str) -> Vec<Span> {
        let of_trace = |span: &&Span| hexadecimal(&span.trace_id) == id;
        self.spans.iter().filter(of_trace).cloned().collect()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Collector {
    address: SocketAddr,
    got: watch::Sender<Got>,
    hangs: watch::Sender<bool>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let collector = Self {
            address: listener.local_addr().expect("an address"),
            got: watch::Sender::new(Got::default()),
            hangs: watch::Sender::new(false),
        };
        let (got, hangs) = (collector.got.clone(), collector.hangs.clone());
        let take = async move |headers: HeaderMap, body: Bytes| {
            let mut told = hangs.subscribe();
            told.wait_for(|hangs| !*hangs).await.expect("the test goes on");
            let request = ExportTraceServiceRequest::decode(body.clone()).expect("protobuf");
            let of_resources = request.resource_spans.into_iter().flat_map(|it| it.scope_spans);
            let spans = of_resources.flat_map(|it| it.spans);
            let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            got.send_modify(|got| {
                got.authorization.push(authorization.unwrap_or_default().to_owned());
                got.bodies.push(body);
                got.spans.extend(spans);
            });
            [(header::CONTENT_TYPE, "application/x-protobuf")]
        };
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        collector
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it answers nothing, or everything again.
    pub(crate) fn hang(&self, hangs: bool) {
        self.hangs.send_replace(hangs);
    }

    /// Waits until the trace has a span that `is_wanted`, and gives all of its spans.
    pub(crate) async fn trace_with(&self, id: &str, is_wanted: impl Fn(&Span) -> bool) -> Vec<Span> {
        let mut got = self.got.subscribe();
        let arrived = got.wait_for(|got| got.trace(id).iter().any(&is_wanted));
        let spans = match tokio::time::timeout(LONG, arrived).await {
            Ok(Ok(got)) => got.trace(id),
            _ => Vec::new(),
        };
        assert!(!spans.is_empty(), "the span of the trace {id} does not arrive");
        spans
    }

    /// Waits a few seconds for a span of this trace. False: none has come.
    pub(crate) async fn has(&self, id: &str) -> bool {
        let mut got = self.got.subscribe();
        let arrived = got.wait_for(|got| !got.trace(id).is_empty());
        tokio::time::timeout(Duration::from_secs(5), arrived).await.is_ok()
    }

    /// Looks at everything that has arrived.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Got) -> T) -> T {
        look(&self.got.borrow())
    }
}

/// The attributes of a span, as text.
pub(crate) fn attributes(span: &Span) -> Vec<(String, String)> {
    let pair = |attribute: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        let value = attribute.value.as_ref().and_then(|value| value.value.as_ref());
        let text = match value {
            Some(Value::StringValue(text)) => text.clone(),
            Some(Value::IntValue(number)) => number.to_string(),
            other => format!("{other:?}"),
        };
        (attribute.key.clone(), text)
    };
    let mut pairs: Vec<_> = span.attributes.iter().map(pair).collect();
    pairs.sort();
    pairs
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
