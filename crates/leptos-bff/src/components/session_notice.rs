//! The notice of an open page: its session ends soon, or nobody can tell whether it goes on.

use crate::session::{ActiveSession, SessionState, use_elapsed, use_live, use_session};
use crate::sign_in::sign_in_beside;
use crate::words::use_words;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The message.
#[derive(Clone, Copy, PartialEq)]
enum Notice {
    /// The session ends for lack of requests.
    Idle,
    /// The session is near its absolute limit, which cannot be extended.
    Limit,
    /// The server or the network is away.
    Away,
}

/// Says that the session ends soon, with a button to stay signed in, or that the server cannot be reached. The style sheet
/// puts it at the lower edge of the window, so that nothing on the page moves when it comes.
/// [`BffProvider`](crate::BffProvider) shows it by default.
#[component]
pub fn SessionNotice() -> impl IntoView {
    let session = use_session();
    let notice = Memo::new(move |_| session.with(notice));
    view! {
        <div class="session-notice-place" role="status">
            {move || notice.get().map(|notice| view! { <Shown notice /> })}
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

/// One view for every message: the browser loads its code with each page, and rarely needs it.
#[component]
fn Shown(
    /// The message.
    notice: Notice,
) -> impl IntoView {
    let (live, words) = (use_live(), use_words());
    let said = words.notice;
    let (class, title, text) = match notice {
        Notice::Idle => ("session-notice", said.idle_title, said.idle),
        Notice::Limit => ("session-notice", said.limit_title, said.limit),
        Notice::Away => ("session-notice session-notice-quiet", said.away_title, said.away),
    };
    let failed = RwSignal::new(false);
    let stay = move |_| {
        spawn_local(async move {
            let extended = live.extend().await;
            failed.try_set(extended.is_err());
        });
    };
    let failure = move || {
        if failed.get() {
            format!(" {}", said.idle_failed)
        } else {
            String::new()
        }
    };
    let onward = match notice {
        Notice::Idle => view! {
            <button type="button" class="button" on:click=stay>
                {said.stay}
            </button>
        }
        .into_any(),
        Notice::Limit => view! {
            <a class="button" href=sign_in_beside() target="_blank" rel="external">
                {words.sign_in_again}
            </a>
        }
        .into_any(),
        Notice::Away => view! {
            <button type="button" class="button button-quiet" on:click=move |_| live.look()>
                {said.try_now}
            </button>
        }
        .into_any(),
    };
    view! {
        <div class=class>
            <p>
                <strong>{title}</strong>
                " "
                {text}
                {(notice != Notice::Away).then(|| view! { <Countdown /> })}
                {failure}
            </p>
            {onward}
        </div>
    }
}

/// Seconds that are left. Not read out: the words before it are.
#[component]
fn Countdown() -> impl IntoView {
    let (session, elapsed) = (use_session(), use_elapsed());
    let left = move || {
        let left = session.with(|state| state.active().map_or(0, ActiveSession::seconds_left));
        let left = left.saturating_sub(elapsed.get());
        format!("{}:{:02}", left / 60, left % 60)
    };
    view! {
        <bdi class="session-notice-time" aria-hidden="true">
            {left}
        </bdi>
    }
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
