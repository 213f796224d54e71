//! Why the person is not signed in any more, on a page that anybody may open.

use crate::erased::{dynamic, erased};
use crate::fetch::post_form;
use crate::guard::use_access;
use crate::paths::use_paths;
use crate::problem::{Words, words};
use crate::session::{Live, SessionState, use_live, use_session};
use crate::sign_in::dismiss_href;
use bff_contract::access::Rule;
use bff_contract::paths::DISMISS;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::use_location;

/// A notice under the head of the page: what ended the session, and what to do. It comes with the
/// first HTML and can be put away, for good: the server forgets the reason then.
///
/// Pages that need a session, and those about signing out or about an error, say it themselves.
#[component]
pub fn EndedNotice(
    /// Whether this page is an error.
    is_problem: bool,
) -> impl IntoView {
    let session = use_session();
    let live = use_live();
    let rule_of = use_access();
    let here = use_location().pathname;
    let signed_out = use_paths().signed_out;
    let said = move || {
        let reason = session.with(SessionState::end_reason)?;
        let says_it_itself = is_problem || here.with(|path| path == signed_out || rule_of(path) != Rule::Public);
        (!says_it_itself).then(|| words(reason.problem_code().as_str(), 401))
    };
    view! { <div role="status">{dynamic(move || said().map(|words| erased(view! { <Notice words live /> })))}</div> }
}

#[component]
fn Notice(
    /// What it says.
    words: Words,
    /// What the session is; it is nobody's once the notice is put away.
    live: Live,
) -> impl IntoView {
    let here = use_location().pathname;
    let put_away = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        live.put_away();
        focus_main();
        spawn_local(async move {
            // Where the server does not hear of it, the next page says it once more.
            if post_form(DISMISS, "").await.is_ok() {
                live.ask();
            }
        });
    };
    view! {
        <div class="ended-notice">
            <p>
                <strong>{words.title}</strong>
                {format!(". {} {}", words.happened, words.advice)}
            </p>
            <form method="post" action=dismiss_href(&here.get_untracked()) on:submit=put_away>
                <button class="copy">"Dismiss"</button>
            </form>
        </div>
    }
}

/// The button that had the focus is gone: the next Tab begins at the page's content.
fn focus_main() {
    let main = document().query_selector("main").ok().flatten();
    if let Some(main) = main.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = main.focus();
    }
}
