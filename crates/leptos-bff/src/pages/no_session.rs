//! What a protected page becomes when its session is gone while it is open.

use crate::erased::{dynamic, erased};
use crate::problem::words;
use crate::session::{EndReason, SessionState, use_session, use_waiting};
use crate::sign_in::{sign_in_beside, sign_in_href, use_here};
use leptos::prelude::*;

/// Whether anybody is signed in, and nothing else of the session: a page that shows no claims
/// is not drawn anew for them.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    SignedIn,
    Ended(Option<EndReason>),
    Unknown,
}

/// The page for as long as somebody is signed in, and afterwards what took its place: why the session
/// ended, how to go on, and what waits for that. `page` gives an element. Inside of `provide_bff`, and
/// of a router.
///
/// # Panics
///
/// Outside of those.
pub fn while_signed_in<F>(page: F) -> Box<dyn Fn() -> AnyView + Send>
where
    F: Fn() -> AnyView + Send + 'static,
{
    let session = use_session();
    let standing = Memo::new(move |_| {
        session.with(|state| match state {
            SessionState::Active(_) | SessionState::Expiring(_) | SessionState::Degraded(Some(_)) => Standing::SignedIn,
            SessionState::Anonymous => Standing::Ended(None),
            SessionState::Ended { reason } => Standing::Ended(Some(*reason)),
            SessionState::Degraded(None) => Standing::Unknown,
        })
    });
    let here = use_here();
    dynamic(move || match standing.get() {
        Standing::SignedIn => page(),
        Standing::Ended(reason) => session_ended(reason, &here.get_untracked()),
        Standing::Unknown => session_unreadable(here.get_untracked()),
    })
}

/// What stands where a page was whose session ended, for a reason or for one that nobody knows. `here` is this page's address.
///
/// # Panics
///
/// Without [`provide_session`](crate::session::provide_session).
#[must_use]
pub fn session_ended(reason: Option<EndReason>, here: &str) -> AnyView {
    let words = reason.map(|reason| words(reason.problem_code().as_str(), 401));
    let title = words.map_or("Your session has ended", |words| words.title);
    let advice = words.map_or("Sign in to see it again.", |words| words.advice);
    let what = format!("What stood here was taken off the page. {advice}");
    let sign_in = (sign_in_href(here), "Sign in again");
    gone(title, words.map(|words| words.happened), what, Some(beside()), sign_in)
}

/// What stands where a page was whose session's time is over, while the server cannot be asked whether it was extended.
/// `here` is this page's address.
#[must_use]
pub fn session_unreadable(here: String) -> AnyView {
    let what = "You may still be signed in: the server could not be asked.".to_owned();
    let again = (here, "Try again");
    gone("Sessions cannot be read just now", None, what, None, again)
}

/// Where something waits for the person: how to go on without leaving this page, which would lose it.
fn beside() -> AnyView {
    let (waiting, beside) = (use_waiting(), sign_in_beside());
    erased(view! {
        <div>
            {dynamic(move || {
                (waiting.get() > 0)
                    .then(|| {
                        erased(view! {
                            <div class="notice">
                                <p>
                                    "What you changed last is not saved yet. It waits here: sign in in another \
                                     window, and it is saved and this page goes on."
                                </p>
                                <p class="actions">
                                    <a class="button" href=beside.clone() target="_blank" rel="external">
                                        "Sign in in another window"
                                    </a>
                                </p>
                            </div>
                        })
                    })
            })}
        </div>
    })
}

fn gone(
    title: &'static str,
    why: Option<&'static str>,
    what: String,
    beside: Option<AnyView>,
    (href, label): (String, &'static str),
) -> AnyView {
    erased(view! {
        <div class="problem" role="alert">
            <h1 tabindex="-1">{title}</h1>
            {why.map(|why| view! { <p class="lead">{why}</p> })}
            <p class=why.is_none().then_some("lead")>{what}</p>
            {beside}
            <p class="actions">
                <a class="button" rel="external" href=href>
                    {label}
                </a>
            </p>
        </div>
    })
}
