//! Spans on their way to a collector of OpenTelemetry (OTLP over HTTP).
//!
//! Finished spans of our own crates gather in a queue with a bound, and a thread of its own sends them. No request waits for
//! the collector or fails with it: while the queue is full, spans are lost.

mod client;
mod exporter;
mod ids;

pub(crate) use exporter::{METHOD, ROUTE, STATUS};
pub(crate) use ids::with_trace_id;

use super::json_line::{JsonLine, SpanFields};
use super::lines::Lines;
use crate::config::{LogFormat, Otlp, Telemetry};
use client::Client;
use exporter::Exporter;
use ids::Ids;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider};
use std::time::Duration;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// The crates whose spans are exported: their fields are known.
const CRATES: [&str; 4] = ["axum_bff", "bff_session", "leptos_bff", "oidc_relying_party"];
/// The most spans that wait for the collector.
const QUEUE: usize = 2048;
/// The most spans of one request to the collector.
const BATCH: usize = 512;
/// A span waits no longer than this for others.
const EVERY: Duration = Duration::from_secs(2);
/// The name of the service, where the variable `OTEL_SERVICE_NAME` of OpenTelemetry names no other.
const SERVICE: &str = "bff";

/// Why no traces are exported.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    /// Nothing can send the requests to the collector.
    #[error("there is no runtime for the requests to the collector")]
    Runtime(#[from] tokio::runtime::TryCurrentError),
    /// The system's certificate authorities cannot be read.
    #[error("the system's certificate authorities cannot be read")]
    Authorities(#[from] rustls::Error),
    /// There is no HTTP client.
    #[error("the client for the collector cannot be made")]
    Client(#[from] reqwest::Error),
    /// The exporter does not accept its settings.
    #[error("the exporter does not accept its settings")]
    Exporter(#[from] ExporterBuildError),
}

/// Begins to export. Within a runtime.
pub(super) fn start(settings: &Otlp) -> Result<SdkTracerProvider, StartError> {
    let collector = SpanExporter::builder()
        .with_http()
        .with_http_client(Client::new(settings)?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.traces.as_str())
        .build()?;
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE)
        .with_max_export_batch_size(BATCH)
        .with_scheduled_delay(EVERY)
        .build();
    let processor = BatchSpanProcessor::builder(Exporter::new(collector))
        .with_batch_config(batches)
        .build();
    let service = std::env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_| SERVICE.to_owned());
    let own_traces = Sampler::TraceIdRatioBased(settings.sample);
    Ok(SdkTracerProvider::builder()
        .with_span_processor(processor)
        .with_id_generator(Ids::default())
        .with_sampler(Sampler::ParentBased(Box::new(own_traces)))
        .with_resource(Resource::builder_empty().with_service_name(service).build())
        .build())
}

/// Logs and traces. The filter of the log decides about lines alone. False: the process has a log already.
pub(super) fn subscribe(settings: &Telemetry, lines: &Lines, traces: &SdkTracerProvider) -> bool {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt::layer::<Registry>()
        .log_internal_errors(false)
        .with_writer(move || writer.clone());
    let log: Box<dyn Layer<Registry> + Send + Sync> = match settings.format {
        LogFormat::Json => log
            .fmt_fields(SpanFields)
            .event_format(JsonLine)
            .with_filter(filter)
            .boxed(),
        LogFormat::Text => log.with_filter(filter).boxed(),
    };
    let spans = layer(traces.tracer("axum-bff"));
    Registry::default().with(log).with(spans).try_init().is_ok()
}

/// Makes spans of OpenTelemetry. Log lines are no part of them.
fn layer<S>(tracer: SdkTracer) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    tracing_opentelemetry::layer::<S>()
        .with_tracer(tracer)
        .with_context_activation(false)
        .with_location(false)
        .with_target(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(is_exported))
}

fn is_exported(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && CRATES.contains(&of)
}

/// Sends the spans that wait, for at most `longest`, and no others after that.
pub(super) async fn end(traces: SdkTracerProvider, longest: Duration) {
    let sending = tokio::task::spawn_blocking(move || traces.shutdown_with_timeout(longest));
    if !sending.await.is_ok_and(|sent| sent.is_ok()) {
        tracing::warn!(code = "traces_cut", "some spans did not reach the collector");
    }
}

#[cfg(test)]
mod tests;
