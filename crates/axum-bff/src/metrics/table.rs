//! The one list of all metrics. The tests compare it with the docs, the alerts and the dashboard.

use ::metrics::{Recorder, Unit};
use bff_session::metrics as store;
use oidc_relying_party::metrics as provider;

/// A kind of metric, as Prometheus knows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Observations in buckets: `_bucket`, `_sum` and `_count`.
    Histogram,
}

impl Kind {
    /// The word of the exposition format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name. The unit is the base unit at its end: seconds.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// Its meaning, in a sentence or a part of one.
    pub help: &'static str,
}

impl Metric {
    const fn new(kind: Kind, name: &'static str, labels: &'static [&'static str], help: &'static str) -> Self {
        Self {
            name,
            kind,
            labels,
            help,
        }
    }

    pub(super) fn describe(&self, recorder: &dyn Recorder) {
        let is_of_seconds = self.name.ends_with("_seconds");
        let unit = is_of_seconds.then_some(Unit::Seconds);
        match self.kind {
            Kind::Counter => recorder.describe_counter(self.name.into(), unit, self.help.into()),
            Kind::Gauge => recorder.describe_gauge(self.name.into(), unit, self.help.into()),
            Kind::Histogram => recorder.describe_histogram(self.name.into(), unit, self.help.into()),
        }
    }
}

macro_rules! metrics {
    ($($metric:ident = $kind:ident $name:expr, $labels:expr, $help:literal;)+) => {
        $(pub(super) const $metric: Metric = Metric::new(Kind::$kind, $name, &$labels, $help);)+

        /// Every metric of this library.
        pub const TABLE: &[Metric] = &[$($metric),+];
    };
}

metrics! {
    BUILD_INFO = Gauge "bff_build_info", ["version"],
        "1, with the version of axum-bff.";
    SIGN_INS = Counter "bff_sign_ins_total", ["outcome", "code"],
        "Sign-ins that came back from the provider, by outcome (signed_in, stepped_up, refused), and the code of the \
         problem where one was refused.";
    SESSIONS_BEGUN = Counter "bff_sessions_begun_total", [],
        "Sessions that began.";
    SESSIONS_ENDED = Counter "bff_sessions_ended_total", ["reason"],
        "Sessions that this replica ended or found at their limit, by reason.";
    EVENTS_LOST = Counter "bff_events_lost_total", [],
        "Events that the application's hook has missed because it is slow.";
    REFRESHES = Counter "bff_refreshes_total", ["outcome"],
        "Refreshes of a session's tokens, by outcome.";
    REFRESH_LEASE_WAIT = Histogram "bff_refresh_lease_wait_seconds", [],
        "Time from the wish for a refresh until this replica has the lease, or until another replica has refreshed.";
    PROVIDER_CALLS = Counter provider::CALLS, ["operation", "outcome"],
        "Calls to the provider, by operation (metadata, keys, token, userinfo, revocation, par) and outcome.";
    PROVIDER_CALL_DURATION = Histogram provider::CALL_DURATION, ["operation"],
        "Time from a call to the provider to the end of its answer.";
    PROVIDER_KEY_SET_AGE = Gauge "bff_provider_key_set_age_seconds", [],
        "Time since the provider's key set was read.";
    PROVIDER_CLOCK_AHEAD = Gauge "bff_provider_clock_ahead_seconds", [],
        "How far the provider's clock is ahead of ours, by its last answer; negative where it is behind.";
    CERTIFICATE_REMAINING = Gauge "bff_client_certificate_remaining_seconds", ["target"],
        "Time until a client certificate expires, by the target that it is shown to: provider, or api/ and the name of an \
         API.";
    PENDING_REVOCATIONS = Gauge "bff_pending_revocations", [],
        "Token records of ended sessions that wait to be revoked at the provider.";
    STORE_COMMANDS = Counter store::COMMANDS, ["operation", "outcome"],
        "Commands to Redis, by operation and outcome (ok, failed).";
    STORE_COMMAND_DURATION = Histogram store::COMMAND_DURATION, ["operation"],
        "Time until Redis has answered a command.";
    RELAYED_CALLS = Counter "bff_relayed_calls_total", ["api", "status"],
        "Calls to an API, of pages and of the application's code, by the class of the answer's status; failed where the API \
         gave no answer that can be passed on; unsent where there was no token or no whole body to send.";
    RELAYED_CALL_DURATION = Histogram "bff_relayed_call_duration_seconds", ["api"],
        "Time from a call to the head of the API's answer, a renewal of the token and a replay included.";
    RELAY_REFUSALS = Counter "bff_relay_refusals_total", ["api", "reason"],
        "Calls that were refused because too many are under way: of everybody (all), or of one person (person).";
    OPEN_SOCKETS = Gauge "bff_open_sockets", ["api"],
        "Open WebSockets, by API.";
    OPEN_EVENT_STREAMS = Gauge "bff_open_event_streams", [],
        "Open streams of session events.";
    RELOADS = Counter "bff_reloads_total", ["outcome"],
        "Readings of the settings while the server runs, by outcome: taken, or refused, after which the values of before stay in \
         use.";
    OPEN_CONNECTIONS = Gauge "bff_open_connections", [],
        "Open connections of browsers and proxies.";
    CONNECTIONS_LIMIT = Gauge "bff_connections_limit", [],
        "How many connections may be open at once.";
}
