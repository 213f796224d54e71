//! How long ago the session's state was received, and what happens when its time is over.
//!
//! The state says how many seconds are left (design: the server's clock decides, the browser's
//! is never compared with it). Counting goes on over all pages, because a navigation inside the
//! browser asks nothing of the server and therefore extends nothing.

use crate::fetch::get;
use crate::session::{ActiveSession, SessionState, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use std::time::Duration;

/// A state that says it has no time left is not asked about again sooner than this, in seconds.
const ASK_AGAIN_AFTER: u64 = 2;

#[derive(Clone, Copy)]
struct SecondsSince(ReadSignal<u64>);

/// Seconds since the session's state was received: 0 on the server and in the first render.
pub(crate) fn use_seconds_since_state() -> ReadSignal<u64> {
    expect_context::<SecondsSince>().0
}

/// Starts counting, and asks the server for the state once the time is over: another tab may
/// have extended it meanwhile.
pub(crate) fn provide_session_clock() {
    let session = use_session();
    let (elapsed, set_elapsed) = signal(0);
    provide_context(SecondsSince(elapsed));

    Effect::new(move |_| {
        set_elapsed.set(0);
        let Some(left) = session.with(|state| state.active().map(seconds_left)) else {
            return;
        };
        let (started, asked) = (Moment::now(), Cell::new(false));
        let tick = move || {
            let seconds = started.seconds_ago();
            set_elapsed.set(seconds);
            if seconds >= left.max(ASK_AGAIN_AFTER) && !asked.replace(true) {
                spawn_local(async move {
                    let state = read_state().await.unwrap_or(SessionState::Unavailable);
                    session.set(state);
                });
            }
        };
        let ticking = set_interval_with_handle(tick, Duration::from_secs(1));
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
}

/// What remains of a session when its state is received: the nearer one of its two limits.
pub(crate) fn seconds_left(session: &ActiveSession) -> u64 {
    session.expires_in.min(session.idle_expires_in)
}

/// Reads the state from the server, which does not extend the session.
pub(crate) async fn read_state() -> Option<SessionState> {
    SessionState::try_from(get("/auth/session").await.ok()?).ok()
}

/// A moment on two clocks. The monotonic one may stand still while the device sleeps, the
/// calendar may be set back: whichever says that more time has passed is believed.
#[derive(Clone, Copy)]
struct Moment {
    monotonic: f64,
    calendar: f64,
}

impl Moment {
    fn now() -> Self {
        Self {
            monotonic: window().performance().map_or(0.0, |clock| clock.now()),
            calendar: web_sys::js_sys::Date::now(),
        }
    }

    fn seconds_ago(self) -> u64 {
        let now = Self::now();
        let milliseconds = (now.monotonic - self.monotonic).max(now.calendar - self.calendar);
        Duration::try_from_secs_f64(milliseconds / 1000.0).map_or(0, |passed| passed.as_secs())
    }
}
