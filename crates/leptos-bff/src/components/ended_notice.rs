//! Why the person is not signed in any more, on a page that anybody may open.

use crate::fetch::post_form;
use crate::guard::use_access;
use crate::problem::ProblemWords;
use crate::public_path::use_pathname;
use crate::session::{SessionState, use_live, use_session};
use crate::sign_in::dismiss_href;
use crate::words::use_words;
use crate::{use_paths, use_problem};
use bff_contract::access::Rule;
use bff_contract::paths::DISMISS;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use serde::de::IgnoredAny;

/// A notice for the head of a page: why the session ended, and the next step. It comes with the first HTML. The person
/// can put it away; the server forgets the reason then. Inside of a router.
///
/// Pages that need a session, and those about signing out or about an error, say it themselves.
#[component]
pub fn EndedNotice() -> impl IntoView {
    let (session, rule_of) = (use_session(), use_access());
    let (words, signed_out) = (use_words(), use_paths().signed_out);
    let is_problem = use_problem().is_some();
    let here = use_pathname();
    let said = move || {
        let reason = session.with(SessionState::end_reason)?;
        let says_it_itself = is_problem || here.with(|path| path == signed_out || rule_of(path) != Rule::Public);
        (!says_it_itself).then(|| (words.problem)(reason.problem_code().as_str(), 401))
    };
    view! { <div>{move || said().map(|said| view! { <Notice said /> })}</div> }
}

#[component]
fn Notice(
    /// The words of the reason.
    said: ProblemWords,
) -> impl IntoView {
    let (live, words) = (use_live(), use_words());
    let here = use_pathname();
    let put_away = move |event: SubmitEvent| {
        event.prevent_default();
        live.put_away();
        focus_main();
        spawn_local(async move {
            // If the server does not hear of it, the next page says it once more.
            if post_form::<IgnoredAny>(DISMISS, "").await.is_ok() {
                live.ask();
            }
        });
    };
    view! {
        // An alert that comes into the page is read out without a live region that waits for it.
        <div class="ended-notice" role="alert">
            <p>
                <strong>{said.title}</strong>
                {format!(". {} {}", said.happened, said.advice)}
            </p>
            <form method="post" action=dismiss_href(&here.get_untracked()) on:submit=put_away>
                <button class="copy">{words.dismiss}</button>
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
