//! The frame of a protected page, which replaces the page when its session ends.

use crate::guard::guard_navigation;
use crate::public_path::href_of_page;
use crate::session::{EndReason, SessionState, use_session, use_waiting};
use crate::sign_in::{sign_in_beside, sign_in_href, use_here};
use crate::words::use_words;
use leptos::prelude::*;

/// Whether anybody is signed in, and nothing else of the session: a page that shows no claims
/// is not drawn anew for them.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    SignedIn,
    Ended(Option<EndReason>),
    Unknown,
}

/// The frame of a page that is not public: guarded, and shown for as long as a person is signed in. Afterwards it shows
/// why the session ended, how to go on, and the changes that wait for that. Inside of [`BffProvider`](crate::BffProvider)
/// and of a router.
///
/// Keep state that has to outlive the end of the session, such as typed text, outside of the children: they are
/// made anew when the person is back.
#[component]
pub fn WhileSignedIn(
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    guard_navigation();
    let session = use_session();
    let standing = Memo::new(move |_| {
        session.with(|state| match state {
            SessionState::Active(_) | SessionState::Expiring(_) | SessionState::Degraded(Some(_)) => Standing::SignedIn,
            SessionState::Anonymous => Standing::Ended(None),
            SessionState::Ended { reason } => Standing::Ended(Some(*reason)),
            SessionState::Degraded(None) => Standing::Unknown,
        })
    });
    move || match standing.get() {
        Standing::SignedIn => children().into_any(),
        Standing::Ended(reason) => view! { <SessionEnded reason /> }.into_any(),
        Standing::Unknown => view! { <SessionUnreadable /> }.into_any(),
    }
}

#[component]
fn SessionEnded(
    /// Why, if anybody knows.
    reason: Option<EndReason>,
) -> impl IntoView {
    let words = use_words();
    let here = use_here().get_untracked();
    let why = reason.map(|reason| (words.problem)(reason.problem_code().as_str(), 401));
    let advice = why.map_or(words.ended.advice, |why| why.advice);
    view! {
        <div class="problem" role="alert">
            <h1 tabindex="-1">{why.map_or(words.ended.title, |why| why.title)}</h1>
            {why.map(|why| view! { <p class="lead">{why.happened}</p> })}
            <p class=why.is_none().then_some("lead")>{format!("{} {advice}", words.ended.taken_off)}</p>
            <Beside />
            <p class="actions">
                <a class="button" rel="external" href=sign_in_href(&here)>
                    {words.sign_in_again}
                </a>
            </p>
        </div>
    }
}

/// The session's time is over, and the server cannot be asked whether it was extended.
#[component]
fn SessionUnreadable() -> impl IntoView {
    let words = use_words();
    let here = use_here().get_untracked();
    view! {
        <div class="problem" role="alert">
            <h1 tabindex="-1">{words.ended.unreadable_title}</h1>
            <p class="lead">{words.ended.unreadable}</p>
            <p class="actions">
                <a class="button" rel="external" href=href_of_page(&here)>
                    {words.try_again}
                </a>
            </p>
        </div>
    }
}

/// The notice if something waits for the person: how to go on without leaving this page, which would lose it.
#[component]
fn Beside() -> impl IntoView {
    let (waiting, words) = (use_waiting(), use_words().ended);
    let beside = sign_in_beside();
    view! {
        <Show when=move || { waiting.get() > 0 }>
            <div class="notice">
                <p>{words.waiting}</p>
                <p class="actions">
                    <a class="button" href=beside.clone() target="_blank" rel="external">
                        {words.beside}
                    </a>
                </p>
            </div>
        </Show>
    }
}
