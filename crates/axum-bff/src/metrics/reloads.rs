//! Readings of the settings while the server runs.

use super::{Metrics, counter, table};
use ::metrics::{Counter, Recorder};

fn of(recorder: &dyn Recorder, is_taken: bool) -> Counter {
    let outcome = if is_taken { "taken" } else { "refused" };
    counter(recorder, &table::RELOADS, &[("outcome", outcome)])
}

impl Metrics {
    /// The settings were read again, and their new values are used or not.
    pub(crate) fn count_reload(&self, is_taken: bool) {
        of(self.recorder(), is_taken).increment(1);
    }
}

/// Both outcomes are shown before there is one.
pub(super) fn show(recorder: &dyn Recorder) {
    for is_taken in [true, false] {
        of(recorder, is_taken).increment(0);
    }
}
