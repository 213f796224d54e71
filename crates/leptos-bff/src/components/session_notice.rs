//! What is to be said of the session while a page is open: that it ends soon, or that nobody can
//! tell whether it goes on.

use crate::erased::{dynamic, erased};
use crate::session::{ActiveSession, SessionState, use_elapsed, use_live, use_session};
use crate::sign_in::sign_in_beside;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What there is to say.
#[derive(Clone, Copy, PartialEq)]
enum Notice {
    /// The session ends for lack of requests.
    Idle,
    /// The session is at its limit, which nothing puts off.
    Limit,
    /// The server or the network is away.
    Away,
}

/// Says that the session ends soon, with a button to stay signed in, or that the server cannot be reached. At the
/// lower edge of the window, so that nothing on the page moves when it comes. Inside of `provide_bff`.
#[component]
pub fn SessionNotice() -> impl IntoView {
    let session = use_session();
    let notice = Memo::new(move |_| session.with(notice));
    view! {
        <div class="session-notice-place" role="status">
            {dynamic(move || {
                notice
                    .get()
                    .map(|notice| match notice {
                        Notice::Idle => idle(),
                        Notice::Limit => limit(),
                        Notice::Away => away(),
                    })
            })}
        </div>
    }
}

fn notice(state: &SessionState) -> Option<Notice> {
    match state {
        SessionState::Expiring(session) if session.expires_in <= session.idle_expires_in => Some(Notice::Limit),
        SessionState::Expiring(_) => Some(Notice::Idle),
        SessionState::Degraded(Some(_)) => Some(Notice::Away),
        _ => None,
    }
}

fn idle() -> AnyView {
    let live = use_live();
    let failed = RwSignal::new(false);
    let stay = move |_| {
        spawn_local(async move {
            let extended = live.extend().await;
            failed.try_set(extended.is_err());
        });
    };
    erased(view! {
        <div class="session-notice">
            <p>
                <strong>"Are you still there?"</strong>
                " You will be signed out soon for lack of activity."
                {countdown()}
                {dynamic(move || failed.get().then_some(" That did not reach the server. Try once more."))}
            </p>
            <button type="button" class="button" on:click=stay>
                "Stay signed in"
            </button>
        </div>
    })
}

fn limit() -> AnyView {
    erased(view! {
        <div class="session-notice">
            <p>
                <strong>"Your session is nearly at its limit."</strong>
                " Sign in again beside this page, and go on here with what you were doing."
                {countdown()}
            </p>
            <a class="button" href=sign_in_beside() target="_blank" rel="external">
                "Sign in again"
            </a>
        </div>
    })
}

fn away() -> AnyView {
    let live = use_live();
    erased(view! {
        <div class="session-notice session-notice-quiet">
            <p>
                <strong>"The server cannot be reached."</strong>
                " You are not signed out, and nothing you typed is lost. It is tried again every few seconds."
            </p>
            <button type="button" class="button button-quiet" on:click=move |_| live.look()>
                "Try now"
            </button>
        </div>
    })
}

/// Seconds that are left. Not read out: the words before it are.
fn countdown() -> AnyView {
    let (session, elapsed) = (use_session(), use_elapsed());
    let left = move || {
        let left = session.with(|state| state.active().map_or(0, ActiveSession::seconds_left));
        let left = left.saturating_sub(elapsed.get());
        format!("{}:{:02}", left / 60, left % 60)
    };
    erased(view! {
        <bdi class="session-notice-time" aria-hidden="true">
            {dynamic(left)}
        </bdi>
    })
}

#[cfg(test)]
mod tests {
    use super::{Notice, notice};
    use crate::session::{ActiveSession, SessionState};
    use serde_json::Map;

    #[test]
    fn staying_is_offered_only_where_it_helps() {
        let session = |expires_in, idle_expires_in| ActiveSession {
            claims: Map::new(),
            roles: Vec::new(),
            left_out: None,
            issuer: String::new(),
            signed_in_at: String::new(),
            authenticated_ago: None,
            acr: None,
            expires_in,
            idle_expires_in,
            warning: 120,
        };
        let said = |state: SessionState| notice(&state);
        assert!(said(SessionState::Expiring(session(1000, 60))) == Some(Notice::Idle));
        assert!(said(SessionState::Expiring(session(60, 60))) == Some(Notice::Limit));
        assert!(said(SessionState::Degraded(Some(session(1000, 1000)))) == Some(Notice::Away));
        assert!(said(SessionState::Degraded(None)).is_none());
        assert!(said(SessionState::Active(session(1000, 1000))).is_none());
    }
}
