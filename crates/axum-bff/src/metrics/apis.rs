//! The calls to one API: counted, timed, and each a span (`relayed_call`) of a trace.

use super::{Open, counter, gauge, histogram, table};
use crate::error::Error;
use ::metrics::{Counter, Gauge, Histogram, Recorder};
use axum::http::StatusCode;
use tokio::time::Instant;
use tracing::{Instrument, field};

/// The values of the label `status`. The first five are the classes of a status.
const STATUSES: [&str; 7] = ["1xx", "2xx", "3xx", "4xx", "5xx", "failed", "unsent"];
const FAILED: usize = 5;
const UNSENT: usize = 6;

/// The counters of one API.
#[derive(Debug)]
pub(crate) struct ApiMetrics {
    duration: Histogram,
    statuses: [Counter; STATUSES.len()],
    all_busy: Counter,
    person_busy: Counter,
    open_sockets: Gauge,
}

impl ApiMetrics {
    /// The counters of the API with this name in the settings.
    pub(crate) fn new(recorder: &dyn Recorder, api: &str) -> Self {
        let refusals =
            |reason: &'static str| counter(recorder, &table::RELAY_REFUSALS, &[("api", api), ("reason", reason)]);
        let calls =
            |status: &'static str| counter(recorder, &table::RELAYED_CALLS, &[("api", api), ("status", status)]);
        Self {
            duration: histogram(recorder, &table::RELAYED_CALL_DURATION, &[("api", api)]),
            statuses: STATUSES.map(calls),
            all_busy: refusals("all"),
            person_busy: refusals("person"),
            open_sockets: gauge(recorder, &table::OPEN_SOCKETS, &[("api", api)]),
        }
    }

    /// One call to `api`, until the head of its answer. `status` is that of an answer.
    pub(crate) async fn measure<T>(
        &self,
        api: &str,
        calling: impl Future<Output = Result<T, Error>>,
        status: impl FnOnce(&T) -> StatusCode,
    ) -> Result<T, Error> {
        let span = tracing::debug_span!("relayed_call", operation = api, outcome = field::Empty);
        let begun = Instant::now();
        let answer = calling.instrument(span.clone()).await;
        let place = match &answer {
            Ok(answered) => class(status(answered)),
            // The answers that the relay gives for a fault on the side of an API.
            Err(error) if matches!(error.status(), StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT) => FAILED,
            Err(_) => UNSENT,
        };
        span.record("outcome", STATUSES[place]);
        self.statuses[place].increment(1);
        self.duration.record(begun.elapsed());
        answer
    }

    /// A call was refused, because everybody together has too many under way.
    pub(crate) fn count_all_busy(&self) {
        self.all_busy.increment(1);
    }

    /// A call was refused, because one person has too many under way.
    pub(crate) fn count_person_busy(&self) {
        self.person_busy.increment(1);
    }

    /// A WebSocket is open, until the value is dropped.
    pub(crate) fn open_socket(&self) -> Open {
        Open::one(&self.open_sockets)
    }
}

/// The place of its class among [`STATUSES`]. Codes from 600 to 999 count as 5xx (RFC 9110 §15).
fn class(status: StatusCode) -> usize {
    usize::from(status.as_u16() / 100).clamp(1, 5) - 1
}

#[cfg(test)]
mod tests {
    use super::{STATUSES, class};
    use axum::http::StatusCode;

    #[test]
    fn a_status_counts_under_its_class_and_an_unknown_one_under_5xx() {
        for (status, name) in [
            (101, "1xx"),
            (204, "2xx"),
            (304, "3xx"),
            (404, "4xx"),
            (503, "5xx"),
            (999, "5xx"),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(STATUSES[class(status)], name, "{status}");
        }
    }
}
