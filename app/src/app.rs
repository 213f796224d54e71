//! The application: what it takes from the server, and its frame.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

use crate::access::TABLE;
use crate::components::{Footer, Header, SessionNotice};
use crate::erased::erased;
use crate::navigation::navigable;
use crate::pages::ProblemPage;
use crate::provide::provide_bff;
use crate::routes::routes;
use crate::title::provide_name;
use leptos::prelude::*;

/// What the application calls itself: in the header, and behind each page's title.
pub const NAME: &str = "Leptos OIDC BFF";

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let problem = provide_bff(TABLE);
    provide_name(NAME);
    let is_problem = problem.is_some();

    navigable(move || {
        view! {
            // `external`: it would be followed as a link to a page, and the focus stay where it was.
            <a class="skip-link" href="#main" rel="external">
                "Skip to content"
            </a>
            <Header is_problem />
            <main id="main" class="page" tabindex="-1">
                {match problem {
                    Some(problem) => erased(view! { <ProblemPage problem /> }),
                    None => erased(routes()),
                }}
            </main>
            <Footer />
            <SessionNotice />
        }
    })
}
