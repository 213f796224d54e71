//! The list: this session, the others, and a way to end those all at once.

use super::ending::Endings;
use super::row::{Facts, OtherRow};
use super::shown::{HEADING, Shown};
use crate::components::{Asking, Cancel, DeviceIcon, OutcomeLine, put_away};
use crate::device::{device_in_words, is_handheld};
use crate::server_functions::{EndOtherSessions, SessionSummary};
use leptos::prelude::*;
use leptos_bff::{ActionForm, href};

/// A page of the person's sessions.
#[component]
pub(super) fn List(
    /// The list.
    shown: Shown,
    /// The messages about an ending.
    endings: Endings,
) -> impl IntoView {
    view! {
        <div class="sessions">
            {move || shown.this().map(|session| view! { <ThisSession session shown /> })}
            <section class="card" aria-labelledby=HEADING>
                <h2 id=HEADING tabindex="-1">
                    "Other sessions"
                </h2>
                <OutcomeLine said=endings.said() />
                <ul class="session-rows">
                    <For each=move || shown.others() key=|session| session.name.clone() let:session>
                        <OtherRow session shown endings />
                    </For>
                </ul>
                <PageLinks shown />
                <p class="session-none" hidden=move || shown.count() != 0>
                    "Only this session: you are signed in nowhere else. Sign in with a second browser, and it appears here."
                </p>
                <EndOthers shown endings />
            </section>
        </div>
    }
}

/// Whole loads, so that they work without JavaScript as well.
#[component]
fn PageLinks(
    /// The list.
    shown: Shown,
) -> impl IntoView {
    let link = move |to: u32, pages: u32, label: &'static str| {
        (to >= 1 && to <= pages).then(|| {
            view! {
                <a class="button button-quiet" rel="external" href=href(&format!("/sessions?page={to}"))>
                    {label}
                </a>
            }
        })
    };
    move || {
        let (page, pages) = shown.pages();
        (pages > 1).then(|| {
            view! {
                <nav class="session-pages" aria-label="More of this list">
                    {link(page.saturating_sub(1), pages, "Newer")}
                    <p>{format!("Page {page} of {pages}")}</p>
                    {link(page + 1, pages, "Older")}
                </nav>
            }
        })
    }
}

#[component]
fn ThisSession(
    /// The session that this page belongs to.
    session: SessionSummary,
    /// The list.
    shown: Shown,
) -> impl IntoView {
    view! {
        <section class="card this-session" aria-labelledby="this-session">
            <div class="session-row">
                <DeviceIcon is_handheld=is_handheld(&session.user_agent) />
                <div class="session-head">
                    <h2 id="this-session">{device_in_words(&session.user_agent)}</h2>
                    <p class="badge">"This session"</p>
                </div>
                <Facts session shown />
            </div>
        </section>
    }
}

/// Ends all the others, after a second question.
#[component]
fn EndOthers(
    /// The list.
    shown: Shown,
    /// The messages about it.
    endings: Endings,
) -> impl IntoView {
    let asking = Asking::new();
    let action = ServerAction::<EndOtherSessions>::new();
    let pending = action.pending();
    endings.follow(pending, action.value(), None);
    // Another session may begin later: the question is put away until it is asked again.
    Effect::new(move |_| {
        if shown.count() == 0 {
            put_away(asking);
        }
    });
    view! {
        <details class="asks end-others" node_ref=asking hidden=move || shown.count() == 0>
            <summary class="button button-quiet">"Sign out all other sessions"</summary>
            <ActionForm action>
                <p>{move || question(shown.count())}</p>
                <p class="actions">
                    // Not `disabled`, which would take the focus away while the answer is awaited.
                    <button class="button button-danger" aria-disabled=move || pending.get().then_some("true")>
                        "Yes, sign out all others"
                    </button>
                    <Cancel asking />
                </p>
            </ActionForm>
        </details>
    }
}

fn question(others: u32) -> String {
    let others = if others == 1 {
        "1 other session".to_owned()
    } else {
        format!("{others} other sessions")
    };
    format!("This signs out {others}. Unsaved work there may be lost. This session stays.")
}

#[cfg(test)]
mod tests {
    use super::question;

    #[test]
    fn the_question_says_how_many() {
        assert!(question(1).contains(" 1 other session. "));
        assert!(question(3).contains(" 3 other sessions. "));
    }
}
