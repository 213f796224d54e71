//! Calls to the provider: counted, timed, and each a span (`provider_call`) of a trace.
//!
//! A recorder of the facade `metrics` gives the counters and histograms once, with the relying party
//! ([`RelyingParty::with_recorder`](crate::RelyingParty::with_recorder)). So a process may have several relying parties, each
//! with a recorder of its own, and a call formats no label. Both labels are closed enumerations: nothing that the provider says
//! gets into a label.

use ::metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder};
use std::sync::Arc;
use tokio::time::Instant;
use tracing::{Instrument, field};

use super::http::{HttpError, HttpResponse};

/// The counter of calls to the provider, with the labels `operation` ([`ProviderCall::name`]) and `outcome`
/// ([`Outcome::name`]).
pub const CALLS: &str = "bff_provider_calls_total";

/// The histogram of the time from a call to the end of its answer, in seconds, with the label `operation`.
pub const CALL_DURATION: &str = "bff_provider_call_duration_seconds";

const METADATA: Metadata<'static> = Metadata::new("oidc_relying_party", Level::INFO, None);

/// A kind of call to the provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProviderCall {
    /// Of its metadata (OpenID Connect Discovery 1.0 §4).
    Metadata,
    /// Of its key set (RFC 7517 §5).
    Keys,
    /// To its token endpoint, with any grant (RFC 6749 §3.2).
    Token,
    /// To its userinfo endpoint (OpenID Connect Core 1.0 §5.3).
    Userinfo,
    /// To its revocation endpoint (RFC 7009).
    Revocation,
    /// To its pushed authorization request endpoint (RFC 9126).
    PushedAuthorizationRequest,
}

impl ProviderCall {
    /// Every kind, in the order of the declaration.
    pub const ALL: [Self; 6] = [
        Self::Metadata,
        Self::Keys,
        Self::Token,
        Self::Userinfo,
        Self::Revocation,
        Self::PushedAuthorizationRequest,
    ];

    /// The value of the label `operation`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Keys => "keys",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Revocation => "revocation",
            Self::PushedAuthorizationRequest => "par",
        }
    }
}

/// The outcome of a call to the provider, as HTTP tells it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The status is 2xx.
    Ok,
    /// The status is 1xx, 3xx or 4xx.
    Refused,
    /// The status is 5xx.
    Failed,
    /// There is no connection, or it broke.
    Unreachable,
    /// The whole answer was not there in time.
    Timeout,
    /// The answer is larger than any that makes sense.
    TooLarge,
}

impl Outcome {
    /// Every outcome, in the order of the declaration.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::Refused,
        Self::Failed,
        Self::Unreachable,
        Self::Timeout,
        Self::TooLarge,
    ];

    /// The value of the label `outcome`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
        }
    }

    fn of(answer: &Result<HttpResponse, HttpError>) -> Self {
        match answer {
            Ok(answer) if answer.status.is_success() => Self::Ok,
            Ok(answer) if answer.status.is_server_error() => Self::Failed,
            Ok(_) => Self::Refused,
            Err(HttpError::Timeout) => Self::Timeout,
            Err(HttpError::TooLarge) => Self::TooLarge,
            Err(_) => Self::Unreachable,
        }
    }
}

/// The counters and histograms of the calls to one provider. Clones share everything.
#[derive(Clone, Debug)]
pub(super) struct ProviderCalls(Arc<[Handles; ProviderCall::ALL.len()]>);

#[derive(Debug)]
struct Handles {
    duration: Histogram,
    outcomes: [Counter; Outcome::ALL.len()],
}

impl ProviderCalls {
    pub(super) fn new(recorder: &dyn Recorder) -> Self {
        Self(Arc::new(ProviderCall::ALL.map(|call| Handles::new(recorder, call))))
    }

    /// One call: its span, its duration and its outcome. A call that is dropped before its end is not counted.
    pub(super) async fn measure(
        &self,
        call: ProviderCall,
        sending: impl Future<Output = Result<HttpResponse, HttpError>>,
    ) -> Result<HttpResponse, HttpError> {
        let span = tracing::debug_span!("provider_call", operation = call.name(), outcome = field::Empty);
        let begun = Instant::now();
        let answer = sending.instrument(span.clone()).await;
        let outcome = Outcome::of(&answer);
        span.record("outcome", outcome.name());
        let handles = &self.0[call as usize];
        handles.duration.record(begun.elapsed());
        handles.outcomes[outcome as usize].increment(1);
        answer
    }
}

impl Handles {
    fn new(recorder: &dyn Recorder, call: ProviderCall) -> Self {
        let operation = Label::from_static_parts("operation", call.name());
        let duration = Key::from_parts(CALL_DURATION, vec![operation.clone()]);
        Self {
            duration: recorder.register_histogram(&duration, &METADATA),
            outcomes: Outcome::ALL.map(|outcome| {
                let outcome = Label::from_static_parts("outcome", outcome.name());
                let key = Key::from_parts(CALLS, vec![operation.clone(), outcome]);
                recorder.register_counter(&key, &METADATA)
            }),
        }
    }
}

#[cfg(test)]
mod tests;
