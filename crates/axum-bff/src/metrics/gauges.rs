//! Gauges that are read from the application when somebody asks for them.

use super::{gauge, reloads, table};
use crate::bff::Bff;
use ::metrics::Recorder;
use time::{Duration, OffsetDateTime};

impl Bff {
    /// The metrics in the text format of Prometheus (version 0.0.4). `None`: `BFF_METRICS_LISTEN` is off.
    ///
    /// [`Bff::serve`] and [`run`](crate::run) answer with them at that address. A program with a server of its own gives them
    /// to its monitoring by itself.
    #[must_use]
    pub fn metrics(&self) -> Option<String> {
        if self.metrics.are_on() {
            set(self, self.metrics.recorder());
        }
        self.metrics.render()
    }
}

fn set(bff: &Bff, recorder: &dyn Recorder) {
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    gauge(recorder, &table::BUILD_INFO, &version).set(1.0);
    reloads::show(recorder);
    let pending = u32::try_from(bff.revocations.pending()).unwrap_or(u32::MAX);
    gauge(recorder, &table::PENDING_REVOCATIONS, &[]).set(pending);
    if let Some(age) = bff.relying_party.key_set_age() {
        gauge(recorder, &table::PROVIDER_KEY_SET_AGE, &[]).set(age.as_seconds_f64());
    }
    if let Some(offset) = bff.relying_party.clock_offset() {
        gauge(recorder, &table::PROVIDER_CLOCK_AHEAD, &[]).set(offset.ahead.as_seconds_f64());
    }
    let now = bff.clock.now();
    let remaining = |expires_at: OffsetDateTime, target: &str| {
        let left: Duration = expires_at - now;
        gauge(recorder, &table::CERTIFICATE_REMAINING, &[("target", target)]).set(left.as_seconds_f64());
    };
    if let Some(expires_at) = bff.relying_party.client_certificate_expires_at() {
        remaining(expires_at, "provider");
    }
    for (api, expires_at) in bff.relay.certificates() {
        remaining(expires_at, &format!("api/{api}"));
    }
}

/// How many connections may be open at once.
pub(super) fn set_connections_limit(recorder: &dyn Recorder, limit: usize) {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    gauge(recorder, &table::CONNECTIONS_LIMIT, &[]).set(limit);
}
