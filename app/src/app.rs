//! The application: what it takes from the server, its frame, and its routes.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

use crate::access::TABLE;
use crate::components::{Footer, Header, SessionNotice};
use crate::erased::erased;
use crate::pages::{AdminPage, EraseNotesPage, HomePage, NotFoundPage, NotesPage, OrdersPage, ProblemPage};
use crate::pages::{ProfilePage, SessionsPage, SignInFailedPage, SignedInPage, SignedOutPage};
use crate::provide::provide_bff;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::SsrMode;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::path;

/// What the application calls itself: in the header, and behind each page's title.
pub const NAME: &str = "Leptos OIDC BFF";

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let problem = provide_bff(TABLE);
    let is_problem = problem.is_some();

    view! {
        <Title formatter=|title| format!("{title} · {NAME}") />
        <Router>
            // `external`: the router would scroll to the target and leave the focus where it was.
            <a class="skip-link" href="#main" rel="external">
                "Skip to content"
            </a>
            <Header is_problem />
            <main id="main" class="page" tabindex="-1">
                {match problem {
                    Some(problem) => erased(view! { <ProblemPage problem /> }),
                    None => erased(view! { <Pages /> }),
                }}
            </main>
            <Footer />
            <SessionNotice />
        </Router>
    }
}

/// The routed pages. `access::TABLE` says who may open which.
#[component]
fn Pages() -> impl IntoView {
    focus_heading_after_navigation();
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=path!("/") view=HomePage />
            <Route path=path!("/profile") view=ProfilePage />
            // Whole at once: a list that arrives later needs a script to be put in its place.
            <Route path=path!("/sessions") view=SessionsPage ssr=SsrMode::Async />
            <Route path=path!("/notes") view=NotesPage ssr=SsrMode::Async />
            <Route path=path!("/orders") view=OrdersPage />
            <Route path=path!("/admin") view=AdminPage />
            <Route path=path!("/notes/erase") view=EraseNotesPage />
            <Route path=path!("/signed-in") view=SignedInPage />
            <Route path=path!("/signed-out") view=SignedOutPage />
            <Route path=path!("/sign-in-failed") view=SignInFailedPage />
        </FlatRoutes>
    }
}

/// After a navigation inside the browser, moves the focus to the new page's heading: a screen
/// reader then reads it out, and the next Tab starts there. A page load needs no help.
fn focus_heading_after_navigation() {
    let path = use_location().pathname;
    Effect::new(move |loaded: Option<()>| {
        path.track();
        if loaded.is_some() {
            // The frame after this one has the new page in it.
            request_animation_frame(|| request_animation_frame(focus_heading));
        }
    });
}

fn focus_heading() {
    use leptos::wasm_bindgen::JsCast;
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Focus is a convenience here: a heading that refuses it is still on the page.
        let _ = heading.focus();
    }
}
