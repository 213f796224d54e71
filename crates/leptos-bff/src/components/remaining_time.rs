//! How long the session still lasts.

use crate::erased::{dynamic, erased};
use crate::session::{ActiveSession, use_elapsed, use_session};
use leptos::prelude::*;

/// Counts down to both limits of the session. The first text comes from the server.
#[component]
pub fn RemainingTime() -> impl IntoView {
    let session = use_session();
    let elapsed = use_elapsed();
    let remaining = move |limit: fn(&ActiveSession) -> u64| {
        let limit = session.with(|state| state.active().map_or(0, limit));
        limit.saturating_sub(elapsed.get())
    };
    view! {
        <dl class="limits">
            <div class="limit">
                <dt>"If nothing more is asked of the server"</dt>
                <dd class="limit-time">
                    <bdi>{dynamic(move || in_words(remaining(ActiveSession::seconds_left)))}</bdi>
                </dd>
            </div>
            <div class="limit">
                <dt>"At the latest"</dt>
                <dd class="limit-time">
                    <bdi>{dynamic(move || in_words(remaining(|session| session.expires_in)))}</bdi>
                </dd>
            </div>
        </dl>
        // The text changes at thresholds only, so a screen reader does not hear of each second.
        <p role="status">
            {dynamic(move || {
                warning(remaining(ActiveSession::seconds_left))
                    .map(|words| erased(view! { <span class="limit-warning">{words}</span> }))
            })}
        </p>
    }
}

/// A duration in words, with seconds only in the last hour.
fn in_words(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {:02} s", seconds % 60),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// What to say when the end is near.
fn warning(seconds: u64) -> Option<&'static str> {
    match seconds {
        0 => Some("The session's time is over."),
        1..=60 => Some("The session ends in less than a minute."),
        61..=300 => Some("The session ends in less than five minutes."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{in_words, warning};

    #[test]
    fn a_duration_is_in_words() {
        assert_eq!(in_words(0), "0 s");
        assert_eq!(in_words(59), "59 s");
        assert_eq!(in_words(60), "1 min 00 s");
        assert_eq!(in_words(3599), "59 min 59 s");
        assert_eq!(in_words(3600), "1 h 00 min");
        assert_eq!(in_words(28_799), "7 h 59 min");
        assert_eq!(in_words(100 * 3600), "100 h 00 min");
    }

    #[test]
    fn a_warning_changes_at_thresholds_only() {
        let spoken: Vec<_> = (0..=301).rev().map(warning).collect();
        let mut changes = spoken.clone();
        changes.dedup();
        assert_eq!(changes.len(), 4, "{changes:?}");
        assert_eq!(warning(301), None);
    }
}
