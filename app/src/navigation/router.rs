//! With `leptos_router`.

use leptos::prelude::*;
use leptos_router::components::Router;
pub(crate) use leptos_router::hooks::use_location;
use leptos_router::hooks::use_query_map;

/// What is inside knows its address.
pub(crate) fn navigable<V: IntoView + 'static>(inside: impl FnOnce() -> V + Send + 'static) -> impl IntoView {
    view! { <Router>{inside()}</Router> }
}

/// What the query says under a name, at this moment.
pub(crate) fn use_query(name: &str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name))
}
