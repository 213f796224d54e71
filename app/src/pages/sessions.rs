//! The person's sessions: where they are signed in, and ending any of them.

mod ending;
mod list;
mod row;

use crate::server_functions::{SessionsOutcome, SessionsRefusal};
use ending::{Endings, use_endings};
use leptos::prelude::*;
use leptos_bff::erased::erased;
use leptos_bff::guard::guard_navigation;
use leptos_bff::json::Json;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::session::use_live;
use leptos_bff::sign_in::sign_in_href;
use leptos_bff::title::set_title;
use leptos_bff::while_signed_in;

/// This session and the others. The first list comes with the page; a navigation inside the
/// browser asks for it.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    guard_navigation();
    let live = use_live();
    let page = use_query("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    // Not with a `Result`, whose derived reader brings words for every kind of mistake.
    let listed = OnceResource::<_, Json>::new_with_options(
        async move {
            ask(page).await.unwrap_or_else(|problem| {
                live.learn_from(&problem);
                SessionsOutcome(Err(SessionsRefusal::Unavailable))
            })
        },
        false,
    );
    let endings = use_endings();
    let content = move || {
        erased(view! {
            <div class="page-head">
                <p class="eyebrow">"Your sessions"</p>
                <h1 tabindex="-1">"Where you are signed in"</h1>
                <p class="lead">
                    "Each browser in which you signed in here has a session of its own. Sign one out, and \
                     it is refused at its very next request."
                </p>
            </div>
            // Empty while the list is awaited: that is what lets the skeleton show.
            <div class="sessions-place">
                {Suspend::new(async move { outcome(listed.await, endings) })}
            </div>
            {skeleton()}
        })
    };
    set_title(|| "Sessions".to_owned());
    erased(view! {
        {while_signed_in(content)}
    })
}

/// The list, on the server from where it is kept.
#[cfg(feature = "ssr")]
async fn ask(page: u32) -> Result<SessionsOutcome, Problem> {
    crate::server_functions::list_sessions(Some(page)).await
}

/// The list, asked for by the browser.
#[cfg(not(feature = "ssr"))]
async fn ask(page: u32) -> Result<SessionsOutcome, Problem> {
    use crate::server_functions::ListSessions;
    use leptos::server_fn::ServerFn;
    use leptos_bff::fetch::post_for_resource;
    let answer = post_for_resource(ListSessions::url(), format!("page={page}")).await?;
    SessionsOutcome::try_from(answer).map_err(|_| Problem::unreadable())
}

fn outcome(SessionsOutcome(outcome): SessionsOutcome, endings: Endings) -> AnyView {
    match outcome {
        Ok(sessions) => list::list(sessions, endings),
        Err(SessionsRefusal::SessionEnded) => not_listed(
            "This session ended while the list was being made.",
            (sign_in_href("/sessions"), "Sign in again"),
        ),
        Err(_) => not_listed(
            "Your sessions cannot be listed just now. None of them was ended.",
            ("/sessions".to_owned(), "Try again"),
        ),
    }
}

fn not_listed(what: &'static str, (href, label): (String, &'static str)) -> AnyView {
    erased(view! {
        <div class="notice" role="alert">
            <p>{what}</p>
            <p>
                <a rel="external" href=href>
                    {label}
                </a>
            </p>
        </div>
    })
}

/// What stands in the place of the list while it is awaited; hidden by the style sheet otherwise.
/// Not by `Suspense`, whose code would weigh more than this page.
fn skeleton() -> AnyView {
    erased(view! {
        <div class="sessions sessions-awaited" role="status">
            <p class="visually-hidden">"Asking for your sessions…"</p>
            <div class="card skeleton" aria-hidden="true"></div>
            <div class="card skeleton" aria-hidden="true"></div>
        </div>
    })
}
