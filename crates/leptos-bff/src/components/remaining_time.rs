//! How long the session still lasts.

use crate::session::{ActiveSession, use_elapsed, use_session};
use crate::words::use_words;
use leptos::prelude::*;

/// Counts down to both limits of the session. The first text comes from the server.
///
/// It is no live region. [`SessionNotice`](crate::SessionNotice) reads out that the session ends soon.
#[component]
pub fn RemainingTime() -> impl IntoView {
    let (session, elapsed) = (use_session(), use_elapsed());
    let words = use_words().remaining;
    let remaining = move |limit: fn(&ActiveSession) -> u64| {
        let limit = session.with(|state| state.active().map_or(0, limit));
        limit.saturating_sub(elapsed.get())
    };
    view! {
        <dl class="limits">
            <div class="limit">
                <dt>{words.idle}</dt>
                <dd class="limit-time">
                    <bdi>{move || (words.duration)(remaining(ActiveSession::seconds_left))}</bdi>
                </dd>
            </div>
            <div class="limit">
                <dt>{words.limit}</dt>
                <dd class="limit-time">
                    <bdi>{move || (words.duration)(remaining(|session| session.expires_in))}</bdi>
                </dd>
            </div>
        </dl>
        <p>
            {move || {
                (words.warning)(remaining(ActiveSession::seconds_left))
                    .map(|words| view! { <span class="limit-warning">{words}</span> })
            }}
        </p>
    }
}
