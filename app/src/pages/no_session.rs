//! What a protected page becomes when its session is gone while it is open.

use crate::at_once::erased;
use crate::problem::words;
use crate::session::EndReason;
use crate::sign_in::sign_in_href;
use leptos::prelude::*;

/// The session ended, for a reason or for one that nobody knows. `path` is this page's.
pub(crate) fn session_ended(reason: Option<EndReason>, path: &'static str) -> AnyView {
    let words = reason.map(|reason| words(reason.problem_code(), 401));
    let title = words.map_or("Your session has ended", |words| words.title);
    let what = "What stood here was taken off the page. Sign in to see it again.";
    gone(
        title,
        words.map(|words| words.happened),
        what,
        (sign_in_href(path), "Sign in again"),
    )
}

/// The session's time is over, and the server cannot be asked whether it was extended.
pub(crate) fn session_unreadable(path: &'static str) -> AnyView {
    let what = "You may still be signed in: the server could not be asked.";
    let again = (path.to_owned(), "Try again");
    gone("Sessions cannot be read just now", None, what, again)
}

fn gone(
    title: &'static str,
    why: Option<&'static str>,
    what: &'static str,
    (href, label): (String, &'static str),
) -> AnyView {
    erased(view! {
        <article class="problem" role="alert">
            <h1 tabindex="-1">{title}</h1>
            {why.map(|why| view! { <p class="lead">{why}</p> })}
            <p class=why.is_none().then_some("lead")>{what}</p>
            <p class="actions">
                <a class="button" rel="external" href=href>
                    {label}
                </a>
            </p>
        </article>
    })
}
