//! Counters of refreshes, and the time that one waits for its lease.

use super::{Metrics, counter, histogram, table};
use crate::access_tokens::AccessTokenError;
use ::metrics::{Counter, Histogram};
use std::sync::Arc;
use tokio::time::Instant;

/// The outcome of a refresh, for the session that wanted one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RefreshOutcome {
    /// The provider gave new tokens, and they are stored.
    Refreshed,
    /// Another replica has refreshed meanwhile.
    Elsewhere,
    /// The session has ended: the provider refused, or it ended meanwhile.
    SessionEnded,
    /// There is no refresh token.
    NotRenewable,
    /// The provider does not answer, or the session store.
    Unavailable,
}

impl RefreshOutcome {
    const ALL: [Self; 5] = [
        Self::Refreshed,
        Self::Elsewhere,
        Self::SessionEnded,
        Self::NotRenewable,
        Self::Unavailable,
    ];

    /// The value of the label `outcome`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Refreshed => "refreshed",
            Self::Elsewhere => "elsewhere",
            Self::SessionEnded => "session_ended",
            Self::NotRenewable => "not_renewable",
            Self::Unavailable => "unavailable",
        }
    }

    /// The outcome that this error is.
    pub(crate) fn of(error: &AccessTokenError) -> Self {
        match error {
            AccessTokenError::SessionEnded => Self::SessionEnded,
            AccessTokenError::NotRenewable => Self::NotRenewable,
            AccessTokenError::Unavailable | AccessTokenError::Store(_) => Self::Unavailable,
        }
    }
}

/// The counters of refreshes. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct RefreshMetrics(Arc<Handles>);

#[derive(Debug)]
struct Handles {
    outcomes: [Counter; RefreshOutcome::ALL.len()],
    lease_wait: Histogram,
}

impl RefreshMetrics {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let recorder = metrics.recorder();
        let outcome = |outcome: RefreshOutcome| {
            let labels = [("outcome", outcome.name())];
            counter(recorder, &table::REFRESHES, &labels)
        };
        Self(Arc::new(Handles {
            outcomes: RefreshOutcome::ALL.map(outcome),
            lease_wait: histogram(recorder, &table::REFRESH_LEASE_WAIT, &[]),
        }))
    }

    /// A refresh is over.
    pub(crate) fn count(&self, outcome: RefreshOutcome) {
        self.0.outcomes[outcome as usize].increment(1);
    }

    /// The wait for the lease that began at this moment is over.
    pub(crate) fn waited_since(&self, begun: Instant) {
        self.0.lease_wait.record(begun.elapsed());
    }
}
