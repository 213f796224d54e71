//! One session, with the button that ends it.

use super::ending::Endings;
use super::shown::Shown;
use crate::calendar::{ago_in_words, rfc3339_in_words};
use crate::components::{Asking, Cancel, DeviceIcon, Moment};
use crate::device::{device_in_words, is_handheld};
use crate::server_functions::{EndSession, SessionSummary};
use leptos::prelude::*;
use leptos_bff::ActionForm;

/// Another session, and the button that ends it. An end cannot be undone, so it asks once more.
#[component]
pub(super) fn OtherRow(
    /// The session, as it stood when the row was made.
    session: SessionSummary,
    /// The list.
    shown: Shown,
    /// The messages about an ending.
    endings: Endings,
) -> impl IntoView {
    let device = device_in_words(&session.user_agent);
    let name = session.name.clone();
    // Two sessions may be on two devices of one kind: when one was last seen tells them apart.
    let of = format!(" {device}, last seen {}", ago_in_words(session.last_seen_ago));
    let asking = Asking::new();
    let action = ServerAction::<EndSession>::new();
    let pending = action.pending();
    endings.follow(pending, action.value(), Some(name.clone()));
    view! {
        <li class="session-row">
            <DeviceIcon is_handheld=is_handheld(&session.user_agent) />
            <div class="session-head">
                <h3>{device}</h3>
            </div>
            <Facts session shown />
            <details class="asks session-end" node_ref=asking>
                <summary class="button button-quiet">
                    "Sign out" <span class="visually-hidden">{of}</span>
                </summary>
                <ActionForm action>
                    <input type="hidden" name="name" value=name />
                    <p>"Sign out this session? Unsaved work there may be lost."</p>
                    <p class="actions">
                        // Not `disabled`, which would take the focus away while the answer is awaited.
                        <button class="button button-danger" aria-disabled=move || pending.get().then_some("true")>
                            "Yes, sign it out"
                        </button>
                        <Cancel asking />
                    </p>
                </ActionForm>
            </details>
        </li>
    }
}

/// When, until when, and from where.
#[component]
pub(super) fn Facts(
    /// The session, as it stood when this was made.
    session: SessionSummary,
    /// The list, which has it as it stands now.
    shown: Shown,
) -> impl IntoView {
    let from = session
        .address
        .clone()
        .unwrap_or_else(|| "an unknown address".to_owned());
    let (is_this, started) = (session.current, session.signed_in_at.clone());
    // Counted: a list and the end of the session may come at once, and this is read once more while the page is taken away.
    let now = ArcMemo::new(move |_| shown.named(&session.name).unwrap_or_else(|| session.clone()));
    let of_end = now.clone();
    view! {
        <dl class="session-facts">
            <div>
                <dt>"Last seen"</dt>
                <dd>
                    {if is_this { "now".into_any() } else { view! { <LastSeen now shown /> }.into_any() }}
                </dd>
            </div>
            <div>
                <dt>"Started"</dt>
                <dd>
                    <Moment moment=started />
                </dd>
            </div>
            <div>
                <dt>"Ends"</dt>
                <dd>{move || of_end.with(|session| ends_in_words(session, shown.passed.get()))}</dd>
            </div>
            <div>
                <dt>"From"</dt>
                <dd>
                    <bdi>{from}</bdi>
                </dd>
            </div>
        </dl>
    }
}

/// How long ago it was, counted on while the page is open.
#[component]
fn LastSeen(
    /// The session.
    now: ArcMemo<SessionSummary>,
    /// The list.
    shown: Shown,
) -> impl IntoView {
    let (of_title, of_machine) = (now.clone(), now.clone());
    view! {
        <time
            title=move || of_title.with(|session| rfc3339_in_words(&session.last_seen))
            datetime=move || of_machine.with(|session| session.last_seen.clone())
        >
            {move || ago_in_words(now.with(|session| session.last_seen_ago) + shown.passed.get())}
        </time>
    }
}

/// When a session ends, so many seconds after the list came. Of this session only the limit that nothing puts off is told: its
/// person is here, and each request puts off the other one.
fn ends_in_words(session: &SessionSummary, passed: u64) -> String {
    let limit = session.expires_in.saturating_sub(passed);
    let idle = session.idle_expires_in.saturating_sub(passed);
    if session.current {
        format!("in {} at the latest", span_in_words(limit))
    } else if idle < limit {
        format!("in {} unless it is used", span_in_words(idle))
    } else {
        format!("in {}", span_in_words(limit))
    }
}

/// A span of time, in the largest unit that fits.
fn span_in_words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => return "less than a minute".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::ends_in_words;
    use crate::server_functions::SessionSummary;

    #[test]
    fn the_nearer_of_two_limits_is_told_and_how_to_put_it_off() {
        let session = |current, expires_in, idle_expires_in| SessionSummary {
            name: String::new(),
            current,
            signed_in_at: String::new(),
            last_seen: String::new(),
            last_seen_ago: 0,
            expires_in,
            idle_expires_in,
            user_agent: String::new(),
            address: None,
        };
        let idle = session(false, 8 * 3600, 1800);
        assert_eq!(ends_in_words(&idle, 0), "in 30 minutes unless it is used");
        assert_eq!(ends_in_words(&idle, 1741), "in less than a minute unless it is used");
        assert_eq!(ends_in_words(&session(false, 3600, 3600), 0), "in 1 hour");
        let this = session(true, 8 * 3600, 1800);
        assert_eq!(ends_in_words(&this, 1), "in 7 hours at the latest");
    }
}
