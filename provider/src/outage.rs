//! A time in which the provider does not answer its client.

use std::sync::Mutex;

use crate::lock::lock;

/// How long the provider stops answering, in seconds.
pub(crate) const OUTAGE: u64 = 30;

/// The end of the last such time, in seconds since 1970.
#[derive(Debug, Default)]
pub(crate) struct Outage(Mutex<u64>);

impl Outage {
    pub(crate) fn begin(&self, now: u64) {
        *lock(&self.0) = now + OUTAGE;
    }

    pub(crate) fn end(&self) {
        *lock(&self.0) = 0;
    }

    /// How many seconds are left. Zero: the provider answers.
    pub(crate) fn seconds_left(&self, now: u64) -> u64 {
        lock(&self.0).saturating_sub(now)
    }
}
