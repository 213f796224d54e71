//! The time at the provider, by the `Date` of its answers (RFC 9110 §6.6.1), and the difference from our clock.
//!
//! It costs no request. It does not tell which clock is right: where the two differ by more than the leeway, nobody can sign
//! in here until an operator has set one of the clocks.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::HeaderMap;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use super::RelyingParty;

/// How often the log says it.
const SAID_AGAIN_AFTER: Duration = Duration::MINUTE;

/// An answer that took twice as long as this tells too little.
const UNCERTAINTY_LIMIT: Duration = Duration::seconds(5);

/// How far the provider's clock is from ours, by one answer of the provider's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClockOffset {
    /// How far the provider's clock is ahead of ours; negative where it is behind.
    pub ahead: Duration,
    /// The greatest error of the offset: half of the time that the answer took, and the second to which a `Date` is
    /// rounded.
    pub uncertainty: Duration,
    /// Whether the clocks differ by more than the leeway, however uncertain the offset is.
    pub exceeds_leeway: bool,
}

/// The offset as the last answer of the provider's told it.
#[derive(Debug)]
pub(super) struct ProviderClock {
    leeway: std::time::Duration,
    observed: Mutex<Observed>,
}

#[derive(Debug, Default)]
struct Observed {
    offset: Option<ClockOffset>,
    said_at: Option<OffsetDateTime>,
}

impl RelyingParty {
    /// How far the provider's clock is from ours, as its last answer told it. `None`: it has not answered yet, or its
    /// answers have no `Date`.
    #[must_use]
    pub fn clock_offset(&self) -> Option<ClockOffset> {
        self.inner().http.clock.offset()
    }
}

impl ProviderClock {
    pub(super) fn new(leeway: std::time::Duration) -> Arc<Self> {
        Arc::new(Self {
            leeway,
            observed: Mutex::default(),
        })
    }

    pub(super) fn offset(&self) -> Option<ClockOffset> {
        self.observed.lock().unwrap_or_else(PoisonError::into_inner).offset
    }

    /// Takes note of an answer's headers. The request went out at `begun`, and they came at `ended`, both by our clock.
    pub(super) fn observe(
        &self,
        headers: &HeaderMap,
        begun: OffsetDateTime,
        ended: OffsetDateTime,
    ) -> Option<ClockOffset> {
        let offset = self.offset_of(headers, begun, ended)?;
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        observed.offset = Some(offset);
        let said_lately = |at: OffsetDateTime| (ended - at).abs() < SAID_AGAIN_AFTER;
        if offset.exceeds_leeway && !observed.said_at.is_some_and(said_lately) {
            observed.said_at = Some(ended);
            tracing::error!(
                code = "clocks_differ",
                provider_ahead_seconds = offset.ahead.whole_seconds(),
                leeway_seconds = self.leeway.as_secs(),
                "the provider's clock and ours differ by more than BFF_CLOCK_LEEWAY: nobody can sign in here until one of \
                 them is set (NTP)"
            );
        }
        Some(offset)
    }

    /// From when the provider says that it answered. An answer that lay in a cache says with `Age` for how many seconds.
    fn offset_of(&self, headers: &HeaderMap, begun: OffsetDateTime, ended: OffsetDateTime) -> Option<ClockOffset> {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let date = OffsetDateTime::parse(header("date")?, &Rfc2822).ok()?;
        let age = header("age").and_then(|age| age.parse::<u32>().ok()).unwrap_or(0);
        // `Date` has whole seconds, so the answer was made half of one later, on the average.
        let half_a_second = Duration::milliseconds(500);
        let answered = date.saturating_add(Duration::seconds(age.into()) + half_a_second);
        let took = ended - begun;
        let uncertainty = took / 2 + half_a_second;
        // A clock that was set back meanwhile measures nothing.
        if took.is_negative() || uncertainty > UNCERTAINTY_LIMIT {
            return None;
        }
        let ahead = answered - (begun + took / 2);
        Some(ClockOffset {
            ahead,
            uncertainty,
            exceeds_leeway: ahead.abs() - uncertainty > self.leeway,
        })
    }
}

#[cfg(test)]
mod tests;
