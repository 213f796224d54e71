//! The application: its frame and its pages.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

use crate::access::{PATHS, TABLE};
use crate::components::{Footer, Header};
use crate::pages::{AdminRoute, AllSessionsRoute, EraseNotesRoute, FlowRoute, HomeRoute, NotesRoute, OrdersRoute};
use crate::pages::{ProfileRoute, SessionsRoute, SignedInRoute, SignedOutRoute};
use crate::tour::provide_tour;
use leptos::prelude::*;
use leptos_bff::navigation::focus_heading_after_navigation;
use leptos_bff::{BffProvider, NotFoundPage, ProblemPage, Router, use_problem};
use leptos_meta::Title;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{Lazy, SsrMode, path};

/// The application's name: in the header, and after each page's title.
pub const NAME: &str = "Leptos OIDC BFF";

/// The whole application. [`TABLE`] guards its pages.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <BffProvider table=TABLE paths=PATHS problem=Problem>
            <Router>
                <Frame>
                    <Pages />
                </Frame>
            </Router>
        </BffProvider>
    }
}

#[component]
fn Pages() -> impl IntoView {
    focus_heading_after_navigation();
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=path!("/") view={Lazy::<HomeRoute>::new()} />
            <Route path=path!("/profile") view={Lazy::<ProfileRoute>::new()} />
            // Whole at once: a list that arrives later needs a script to be put in its place.
            <Route path=path!("/sessions") view={Lazy::<SessionsRoute>::new()} ssr=SsrMode::Async />
            <Route path=path!("/flow") view={Lazy::<FlowRoute>::new()} ssr=SsrMode::Async />
            <Route path=path!("/notes") view={Lazy::<NotesRoute>::new()} ssr=SsrMode::Async />
            <Route path=path!("/orders") view={Lazy::<OrdersRoute>::new()} />
            <Route path=path!("/admin") view={Lazy::<AdminRoute>::new()} />
            <Route path=path!("/admin/sessions") view={Lazy::<AllSessionsRoute>::new()} ssr=SsrMode::Async />
            <Route path=path!("/notes/erase") view={Lazy::<EraseNotesRoute>::new()} ssr=SsrMode::Async />
            <Route path=path!("/signed-in") view={Lazy::<SignedInRoute>::new()} />
            <Route path=path!("/signed-out") view={Lazy::<SignedOutRoute>::new()} />
        </FlatRoutes>
    }
}

/// The page of a problem, in the place of the requested page.
#[component]
fn Problem() -> impl IntoView {
    let problem = use_problem();
    view! { <Frame>{problem.map(|problem| view! { <ProblemPage problem /> })}</Frame> }
}

/// The frame around each page.
#[component]
fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    provide_tour();
    view! {
        <Title formatter=|text: String| format!("{text} · {NAME}") />
        // `external`: it would be followed as a link to a page, and the focus stay where it was.
        <a class="skip-link" href="#main" rel="external">
            "Skip to content"
        </a>
        <Header />
        <main id="main" class="page" tabindex="-1">
            {children()}
        </main>
        <Footer />
    }
}
