//! The passing of time: the limits of the session come nearer, and without a stream the tab has to ask the server.

use super::this_tab::this_tab;
use super::{Live, stream, tabs};
use crate::session::SessionState;
use leptos::prelude::*;
use std::time::Duration;

/// The server is not asked again sooner than this because of a session whose time is over, in
/// seconds.
const ASK_AGAIN_AFTER: u64 = 2;
/// As long as nothing can be heard, the server is asked again after so many seconds.
const TRY_AGAIN_AFTER: u64 = 5;
/// If the server tells nothing by itself, it is asked after so many seconds.
const POLL_AFTER: u64 = 30;

/// Begins to count.
pub(super) fn start(live: Live) {
    // Counting ends with the page.
    let _ = set_interval_with_handle(move || tick(live), Duration::from_secs(1));
}

fn tick(live: Live) {
    let elapsed = this_tab(|tab| tab.received.seconds_ago());
    if live.elapsed.get_untracked() != elapsed {
        live.elapsed.set(elapsed);
    }
    let due = live.state.with_untracked(|state| due(state, elapsed));
    match due {
        Some(Due::Ask) if this_tab(|tab| tab.heard.seconds_ago()) >= ASK_AGAIN_AFTER => live.look(),
        // It may have been extended elsewhere, and nobody can be asked.
        Some(Due::Unknown) => live.apply(SessionState::Degraded(None)),
        _ if tabs::leads() => listen(live),
        _ => {}
    }
}

/// The step that the passed time demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Ask,
    Unknown,
}

fn due(state: &SessionState, elapsed: u64) -> Option<Due> {
    match state {
        SessionState::Active(session) => {
            (session.seconds_left().saturating_sub(elapsed) <= session.warning).then_some(Due::Ask)
        }
        SessionState::Expiring(session) => (session.seconds_left() <= elapsed).then_some(Due::Ask),
        SessionState::Degraded(Some(session)) => (session.seconds_left() <= elapsed).then_some(Due::Unknown),
        SessionState::Anonymous | SessionState::Ended { .. } | SessionState::Degraded(None) => None,
    }
}

/// Makes this tab hear of changes, by the stream or by asking.
fn listen(live: Live) {
    let heard = this_tab(|tab| tab.heard.seconds_ago());
    let (is_known, is_degraded) = live.state.with_untracked(|state| {
        let is_degraded = matches!(state, SessionState::Degraded(_));
        (state.active().is_some(), is_degraded)
    });
    let after = match stream::standing() {
        stream::Standing::Open if !is_degraded => return,
        // Something else may have been heard meanwhile, from another tab.
        stream::Standing::Silent => 0,
        _ if is_degraded => TRY_AGAIN_AFTER,
        // The browser is trying: whether the server can be asked tells how bad it is.
        stream::Standing::Lost => TRY_AGAIN_AFTER,
        _ if is_known => POLL_AFTER,
        _ => return,
    };
    if heard >= after {
        stream::retry();
        live.look();
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, due};
    use crate::session::{ActiveSession, SessionState};
    use serde_json::Map;

    fn session(idle_expires_in: u64) -> ActiveSession {
        ActiveSession {
            claims: Map::new(),
            roles: Vec::new(),
            left_out: None,
            issuer: String::new(),
            signed_in_at: String::new(),
            authenticated_ago: None,
            acr: None,
            expires_in: 1000,
            idle_expires_in,
            warning: 20,
        }
    }

    #[test]
    fn the_server_is_asked_when_it_is_time_to_warn_and_when_the_time_is_over() {
        let active = SessionState::Active(session(100));
        assert_eq!(due(&active, 79), None);
        assert_eq!(due(&active, 80), Some(Due::Ask));
        let expiring = SessionState::Expiring(session(20));
        assert_eq!(due(&expiring, 19), None);
        assert_eq!(due(&expiring, 20), Some(Due::Ask));
    }

    #[test]
    fn a_session_that_nobody_can_ask_about_is_believed_in_until_its_time_is_over() {
        let degraded = SessionState::Degraded(Some(session(100)));
        assert_eq!(due(&degraded, 99), None);
        assert_eq!(due(&degraded, 100), Some(Due::Unknown));
        for nobody in [SessionState::Anonymous, SessionState::Degraded(None)] {
            assert_eq!(due(&nobody, u64::MAX), None);
        }
    }
}
