//! What the root component of an application begins with.

use crate::guard::provide_access;
use crate::hydrated::provide_hydrated;
use crate::json::Json;
use crate::problem::Problem;
use crate::session::provide_session;
use bff_contract::access::Table;
use leptos::prelude::*;

/// Provides what the components, guards and hooks of this crate need: the session, live in the
/// browser, and the access table, which has to be the one that the server is given. To be called
/// first by the root component, once.
///
/// Gives what went wrong, where the server could not answer with a page: then the root component
/// shows a [`ProblemPage`](crate::ProblemPage) in place of its routes.
///
/// Takes a [`SessionState`](crate::session::SessionState) and an `Option<Problem>` from the context. Without them nobody is
/// signed in and nothing is wrong, which is how the list of routes is made.
#[must_use = "the page that was asked for cannot be shown where there is a problem"]
pub fn provide_bff(table: Table) -> Option<Problem> {
    leptos_meta::provide_meta_context();
    provide_hydrated();
    provide_session();
    provide_access(table);
    SharedValue::<_, Json>::new_with_encoding(|| use_context::<Option<Problem>>().flatten()).into_inner()
}
