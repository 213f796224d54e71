//! The session as a page reads it.

use super::{Live, SessionState};
use leptos::prelude::*;

/// The state that this page was rendered with, live after hydration.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_session() -> ReadSignal<SessionState> {
    expect_context::<ReadSignal<SessionState>>()
}

/// Seconds since the session's state was received: 0 on the server and in the first render.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_elapsed() -> ReadSignal<u64> {
    use_live().elapsed.read_only()
}

/// Grows each time that other sessions of this person may have begun or ended, in whichever browser: a page that lists them
/// asks for the list again. 0 on the server and in the first render. It grows once more as soon as the browser hears from the
/// server, because nobody has heard of changes before that.
///
/// Let the call that asks again use [`UnattendedClient`](crate::UnattendedClient): the page makes it, not the person.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_other_sessions() -> ReadSignal<u32> {
    use_live().sessions.read_only()
}

/// The session as it goes on. A page passes on here the state that it has learnt.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_live() -> Live {
    expect_context::<Live>()
}

/// How many calls of [`ParkingClient`](crate::ParkingClient) wait for the person to sign in again.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_waiting() -> ReadSignal<usize> {
    use_live().waiting.read_only()
}
