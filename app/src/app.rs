//! The application: what it takes from the server, and its frame.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

use crate::access::{PATHS, TABLE};
use crate::components::{Footer, Header};
use crate::routes::routes;
use leptos::prelude::*;
use leptos_bff::erased::erased;
use leptos_bff::navigation::focus_heading_after_navigation;
use leptos_bff::title::provide_name;
use leptos_bff::{ProblemPage, SessionNotice, provide_bff, provide_paths};
use leptos_router::components::Router;

/// What the application calls itself: in the header, and behind each page's title.
pub const NAME: &str = "Leptos OIDC BFF";

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let problem = provide_bff(TABLE);
    provide_paths(PATHS);
    provide_name(NAME);
    let is_problem = problem.is_some();

    view! {
        <Router>
            // `external`: it would be followed as a link to a page, and the focus stay where it was.
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

#[component]
fn Pages() -> impl IntoView {
    focus_heading_after_navigation();
    routes()
}
