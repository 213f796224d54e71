//! The component around an application.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]
#![expect(clippy::needless_pass_by_value, reason = "a component takes its properties by value")]
#![expect(
    clippy::large_types_passed_by_value,
    reason = "a component takes its properties by value"
)]

use crate::components::SessionNotice;
use crate::guard::{guard_links, provide_access};
use crate::hydrated::{Hydrated, provide_hydrated};
use crate::pages::ProblemPage;
use crate::problem::Problem;
use crate::public_path::provide_public_path;
use crate::restored::reload_when_restored;
use crate::router::Router;
use crate::session::provide_session;
use crate::words::Words;
use bff_contract::access::Table;
use bff_contract::paths::Paths;
use leptos::prelude::*;

/// Put it around the router of an application, once. It provides the context of this crate's components, guards and hooks:
/// the session, live in the browser, the access table, the words and the paths.
///
/// If the server could not answer with a page, `problem` replaces the children, in a router of its own; [`use_problem`] gives the
/// problem there. `notice` follows after both.
#[component]
pub fn BffProvider(
    /// The access table: the same as on the server.
    table: Table,
    /// The pages that a sign-in or a sign-out leads to: the same as on the server.
    #[prop(optional)]
    paths: Paths,
    /// The words of this crate's components.
    #[prop(optional)]
    words: Words,
    /// The view that replaces a failed page; by default a [`ProblemPage`] in a `main`.
    #[prop(default = ViewFn::from(DefaultProblem), into)]
    problem: ViewFn,
    /// The notice that the session ends soon; by default [`SessionNotice`].
    #[prop(default = ViewFn::from(SessionNotice), into)]
    notice: ViewFn,
    /// The router, with the pages.
    children: Children,
) -> impl IntoView {
    provide_context(words);
    provide_context(paths);
    #[cfg(feature = "ssr")]
    crate::page_list::tell(paths);
    let (problem_of_request, hydrated) = provide(table);
    let page = if problem_of_request.is_some() {
        view! { <Router>{problem.run()}</Router> }.into_any()
    } else {
        children().into_any()
    };
    view! {
        {page}
        {notice.run()}
        {hydrated.when_reached()}
    }
}

#[component]
fn DefaultProblem() -> impl IntoView {
    let problem = use_problem();
    view! { <main>{problem.map(|problem| view! { <ProblemPage problem /> })}</main> }
}

/// The first part of [`BffProvider`], for an application that composes its page by itself. Call it once, first in the root
/// component, with the server's table.
///
/// Returns the problem if the server could not answer with a page: then the root component
/// shows a [`ProblemPage`] in place of its routes.
///
/// Takes a [`SessionState`](crate::session::SessionState) and an `Option<Problem>` from the context. Without them nobody is
/// signed in and nothing is wrong, which is how the list of routes is made.
///
/// The page counts as interactive from its first effect on. An application with lazy routes needs
/// [`BffProvider`](crate::BffProvider), which waits for them.
#[must_use = "the page that was asked for cannot be shown where there is a problem"]
pub fn provide_bff(table: Table) -> Option<Problem> {
    let (problem, hydrated) = provide(table);
    Effect::new(move |_| hydrated.turn_on());
    problem
}

fn provide(table: Table) -> (Option<Problem>, Hydrated) {
    leptos_meta::provide_meta_context();
    provide_public_path();
    let hydrated = provide_hydrated();
    provide_session();
    provide_access(table);
    let problem = SharedValue::new(|| use_context::<Option<Problem>>().flatten()).into_inner();
    provide_context(Shown(problem.clone()));
    guard_links(problem.is_some());
    reload_when_restored();
    (problem, hydrated)
}

/// The problem that the page shows.
#[derive(Clone)]
struct Shown(Option<Problem>);

/// The problem that the page shows, if the server could not answer with the requested page.
#[must_use]
pub fn use_problem() -> Option<Problem> {
    use_context::<Shown>().and_then(|Shown(problem)| problem)
}
