//! How long ago something was.

use leptos::prelude::window;
use std::time::Duration;

/// A moment on two clocks. The monotonic one may stand still while the device sleeps, the
/// calendar may be set back: whichever says that more time has passed is believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    monotonic: f64,
    calendar: f64,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self {
            monotonic: window().performance().map_or(0.0, |clock| clock.now()),
            calendar: web_sys::js_sys::Date::now(),
        }
    }

    pub(super) fn seconds_ago(self) -> u64 {
        let now = Self::now();
        let milliseconds = (now.monotonic - self.monotonic).max(now.calendar - self.calendar);
        Duration::try_from_secs_f64(milliseconds / 1000.0).map_or(0, |passed| passed.as_secs())
    }
}
