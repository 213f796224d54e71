//! Metrics for Prometheus, at an address of their own (`BFF_METRICS_LISTEN`): the counts of this process, without a person, a
//! token or a claim.
//!
//! # A recorder belongs to an application
//!
//! The facade `metrics` knows a recorder for the whole process, which can be installed once. A process may have several
//! applications here: those of tests do. So nothing is installed. [`Builder::build`](crate::Builder::build) makes a recorder where
//! the setting asks for one. Each part of the application gets its counters from that recorder when it is made, keeps them, and
//! formats no name and no label later. Where the setting is off, each part gets counters that count nothing from the facade's
//! null recorder, and nothing is registered.
//!
//! # Labels are bounded
//!
//! The values of a label are those of an enumeration or the names of the APIs in the settings. All series but a few gauges stand
//! in the first answer, so that a request can add none. [`TABLE`] has the names.
//!
//! # Spans
//!
//! The same places open the spans of a trace: `provider_call` and `store_command` in the crates below, `relayed_call` in the
//! relay, and one for each step of the protocol (`authorization_request`, `callback`, `refresh`, `logout`). Their fields are
//! `operation` and `outcome`, with the values of the labels.

mod apis;
mod events;
mod gauges;
mod listener;
mod refreshes;
mod reloads;
mod step;
mod table;

pub(crate) use apis::ApiMetrics;
pub(crate) use events::EventCounters;
pub(crate) use listener::{MetricsListener, bind};
pub(crate) use refreshes::{RefreshMetrics, RefreshOutcome};
pub(crate) use step::Step;
pub use table::{Kind, Metric, TABLE};

use ::metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, NoopRecorder, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// The upper bounds of the buckets of each histogram, in seconds: from a fast Redis to the patience of a browser.
const BUCKETS: [f64; 13] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 20.0,
];

/// How often the observations of histograms are put into their buckets, where nobody scrapes. They take memory until then.
const UPKEEP: Duration = Duration::from_secs(5);

const METADATA: Metadata<'static> = Metadata::new("axum_bff", Level::INFO, None);

/// The recorder of one application, if it has one. Clones share everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Option<Arc<PrometheusRecorder>>);

impl Metrics {
    /// A recorder with the descriptions of [`TABLE`]. Begins a task that ends with the last clone.
    pub(crate) fn on() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default();
        let recorder = Arc::new(builder.build_recorder());
        for metric in TABLE {
            metric.describe(&*recorder);
        }
        tokio::spawn(keep_up(Arc::downgrade(&recorder)));
        Self(Some(recorder))
    }

    /// Whether anybody reads the counts.
    pub(crate) fn are_on(&self) -> bool {
        self.0.is_some()
    }

    /// The recorder that gives a part its counters.
    pub(crate) fn recorder(&self) -> &(dyn Recorder + Sync) {
        match &self.0 {
            Some(recorder) => &**recorder,
            None => &NoopRecorder,
        }
    }

    fn render(&self) -> Option<String> {
        self.0.as_ref().map(|recorder| recorder.handle().render())
    }
}

async fn keep_up(recorder: Weak<PrometheusRecorder>) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        let Some(recorder) = recorder.upgrade() else { return };
        recorder.handle().run_upkeep();
    }
}

/// The labels of one series.
type Labels<'a> = &'a [(&'static str, &'a str)];

fn key(metric: &Metric, labels: Labels<'_>) -> Key {
    let labels = labels
        .iter()
        .map(|(name, value)| Label::new(*name, (*value).to_owned()));
    Key::from_parts(metric.name, labels.collect::<Vec<_>>())
}

fn counter(recorder: &dyn Recorder, metric: &Metric, labels: Labels<'_>) -> Counter {
    recorder.register_counter(&key(metric, labels), &METADATA)
}

fn gauge(recorder: &dyn Recorder, metric: &Metric, labels: Labels<'_>) -> Gauge {
    recorder.register_gauge(&key(metric, labels), &METADATA)
}

fn histogram(recorder: &dyn Recorder, metric: &Metric, labels: Labels<'_>) -> Histogram {
    recorder.register_histogram(&key(metric, labels), &METADATA)
}

/// A gauge of the open event streams.
pub(crate) fn open_event_streams(recorder: &dyn Recorder) -> Gauge {
    gauge(recorder, &table::OPEN_EVENT_STREAMS, &[])
}

/// A gauge of the open connections.
pub(crate) fn open_connections(recorder: &dyn Recorder) -> Gauge {
    gauge(recorder, &table::OPEN_CONNECTIONS, &[])
}

/// One more in a gauge, until it is dropped.
pub(crate) struct Open(Gauge);

impl Open {
    pub(crate) fn one(gauge: &Gauge) -> Self {
        gauge.increment(1.0);
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

#[cfg(test)]
mod tests;
