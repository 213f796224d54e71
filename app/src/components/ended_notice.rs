//! Why the person is not signed in any more, on a page that anybody may open.

use crate::access::{Rule, rule};
use crate::erased::{dynamic, erased};
use crate::hydrated::use_hydrated;
use crate::problem::{Words, words};
use crate::session::{SessionState, use_session};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::use_location;

/// A notice under the head of the page: what ended the session, and what to do. It comes with the
/// first HTML; once the page is interactive it can be put away.
///
/// Pages that need a session, and those about signing out or about an error, say it themselves.
#[component]
pub(crate) fn EndedNotice(
    /// Whether this page is an error.
    is_problem: bool,
) -> impl IntoView {
    let session = use_session();
    let here = use_location().pathname;
    let said = move || {
        let reason = session.with(SessionState::end_reason)?;
        let says_it_itself = is_problem || here.with(|path| path == "/signed-out" || rule(path) != Rule::Public);
        (!says_it_itself).then(|| words(reason.problem_code(), 401))
    };
    view! { <div role="status">{dynamic(move || said().map(|words| erased(view! { <Notice words session /> })))}</div> }
}

#[component]
fn Notice(
    /// What it says.
    words: Words,
    /// The session that ended; it is nobody's once the notice is put away.
    session: RwSignal<SessionState>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let put_away = move |_| {
        session.set(SessionState::Anonymous);
        focus_main();
    };
    view! {
        <div class="ended-notice">
            <p>
                <strong>{words.title}</strong>
                {format!(". {} {}", words.happened, words.advice)}
            </p>
            <button type="button" class="copy" hidden=dynamic(move || !hydrated.get()) on:click=put_away>
                "Dismiss"
            </button>
        </div>
    }
}

/// The button that had the focus is gone: the next Tab begins at the page's content.
fn focus_main() {
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = main.focus();
    }
}
