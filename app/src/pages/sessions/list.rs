//! The list: this session, the others, and a way to end those all at once.

use super::ending::{Ending, Endings};
use super::row::{Facts, OtherRow, Row};
use crate::device::device_in_words;
use crate::server_functions::{EndOtherSessions, SessionList, SessionSummary};
use leptos::prelude::*;
use leptos_bff::{ActionForm, href};

/// A page of the person's sessions.
#[component]
pub(super) fn List(
    /// The page.
    list: SessionList,
    /// The messages about an ending.
    endings: Endings,
) -> impl IntoView {
    let SessionList {
        sessions,
        others: count,
        page,
        pages,
    } = list;
    let (this, others): (Vec<_>, Vec<_>) = sessions.into_iter().partition(|session| session.current);
    let rows: Vec<Row> = others.into_iter().map(Row::new).collect();
    let mut gone: Vec<_> = rows.iter().map(|row| row.gone).collect();
    let on_other_pages = (count as usize).saturating_sub(rows.len());
    let others_gone = RwSignal::new(false);
    let left = {
        let gone = gone.clone();
        Signal::derive(move || {
            let here = gone.iter().filter(|gone| !gone.get()).count();
            here + if others_gone.get() { 0 } else { on_other_pages }
        })
    };
    gone.push(others_gone);
    view! {
        <div class="sessions">
            {this.into_iter().map(|session| view! { <ThisSession session /> }).collect_view()}
            <section class="card" aria-labelledby="other-sessions">
                <h2 id="other-sessions" tabindex="-1">
                    "Other sessions"
                </h2>
                <div role="status">
                    {move || endings.words().map(|words| view! { <p class="outcome">{words}</p> })}
                </div>
                <ul class="session-rows">
                    {rows.into_iter().map(|row| view! { <OtherRow row endings /> }).collect_view()}
                </ul>
                <PageLinks page pages />
                <p class="session-none" hidden=move || left.get() != 0>
                    "Only this session: you are signed in nowhere else."
                </p>
                <EndOthers left gone endings />
            </section>
        </div>
    }
}

/// Whole loads, so that they work without JavaScript as well.
#[component]
fn PageLinks(
    /// Which page this is, counted from 1.
    page: u32,
    /// How many there are.
    pages: u32,
) -> impl IntoView {
    let link = move |to: u32, label: &'static str| {
        (to >= 1 && to <= pages).then(|| {
            view! {
                <a class="button button-quiet" rel="external" href=href(&format!("/sessions?page={to}"))>
                    {label}
                </a>
            }
        })
    };
    (pages > 1).then(|| {
        view! {
            <nav class="session-pages" aria-label="More of this list">
                {link(page.saturating_sub(1), "Newer")}
                <p>{format!("Page {page} of {pages}")}</p>
                {link(page + 1, "Older")}
            </nav>
        }
    })
}

#[component]
fn ThisSession(
    /// The session that this page belongs to.
    session: SessionSummary,
) -> impl IntoView {
    view! {
        <section class="card this-session" aria-labelledby="this-session">
            <div class="session-row">
                <div>
                    <h2 id="this-session">{device_in_words(&session.user_agent)}</h2>
                    <Facts session />
                </div>
                <p class="badge">"This session"</p>
            </div>
        </section>
    }
}

/// Ends all the others, after a second question: `details` asks it without JavaScript too.
#[component]
fn EndOthers(
    /// How many there are.
    left: Signal<usize>,
    /// Whether each of them is gone.
    gone: Vec<RwSignal<bool>>,
    /// The messages about it.
    endings: Endings,
) -> impl IntoView {
    let action = ServerAction::<EndOtherSessions>::new();
    let pending = action.pending();
    endings.follow(pending, action.value(), Ending::Others, gone);
    view! {
        <details class="end-others" hidden=move || left.get() == 0>
            <summary class="button button-quiet">"Sign out all other sessions"</summary>
            <ActionForm action>
                <p>{move || question(left.get())}</p>
                // Not `disabled`, which would take the focus away while the answer is awaited.
                <button class="button" aria-disabled=move || pending.get().then_some("true")>
                    "Yes, sign out all others"
                </button>
            </ActionForm>
        </details>
    }
}

fn question(left: usize) -> String {
    let others = if left == 1 {
        "1 other session".to_owned()
    } else {
        format!("{left} other sessions")
    };
    format!("This signs out {others}. What is not saved there may be lost. This session stays.")
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
