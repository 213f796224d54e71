//! The list of an application's pages, made once in a process.
//!
//! Leptos makes the list by rendering the application without a request. Meanwhile no resource of the whole process begins to
//! load, and a resource that is polled for the first time then never does: the page that waits for it hangs
//! (leptos-rs/leptos#4773). A program makes its list before it serves. A process of tests makes one for each application that
//! it starts, while others are already asked for pages.

use bff_contract::paths::Paths;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, generate_route_list_with_exclusions_and_ssg_and_context};
use std::any::TypeId;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

static LISTS: Mutex<Vec<(TypeId, Vec<AxumRouteListing>)>> = Mutex::new(Vec::new());

/// The list of this application: the one that was made before, if an application of type `F` always has the same pages.
pub(crate) fn of<F: 'static>(make: impl FnOnce() -> Vec<AxumRouteListing>) -> Vec<AxumRouteListing> {
    let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
    // A closure that holds something may render other pages each time.
    let is_always_the_same = size_of::<F>() == 0;
    let application = TypeId::of::<F>();
    if let Some((_, list)) = lists
        .iter()
        .find(|(known, _)| *known == application && is_always_the_same)
    {
        return list.clone();
    }
    let list = make();
    if is_always_the_same {
        lists.push((application, list.clone()));
    }
    list
}

/// The paths of the [`BffProvider`](crate::BffProvider) that is rendered for the list.
#[derive(Clone, Default)]
struct Told(Arc<OnceLock<Paths>>);

/// Called by the provider. Outside of a listing it does nothing.
pub(crate) fn tell(paths: Paths) {
    if let Some(Told(told)) = use_context() {
        // A root component has one provider.
        let _ = told.set(paths);
    }
}

/// Lists the pages of an application but those of `excluded`.
///
/// # Panics
///
/// If there is no page at which a sign-in in a window of its own ends.
pub(crate) fn made<V, F>(application: F, excluded: Vec<String>) -> Vec<AxumRouteListing>
where
    V: IntoView + 'static,
    F: Fn() -> V + 'static + Clone + Send,
{
    let told = Told::default();
    let provided = told.clone();
    let (list, _) = generate_route_list_with_exclusions_and_ssg_and_context(application, Some(excluded), move || {
        provide_context(provided.clone());
    });
    if let Some(Paths { signed_in_window, .. }) = told.0.get() {
        assert!(
            list.iter().any(|page| page.path() == *signed_in_window),
            "the application has no page at {signed_in_window:?}, where a sign-in in a window of its own ends: add \
             `<Route path=path!({signed_in_window:?}) view=SignedInPage />` (leptos_bff::SignedInPage), or name another page \
             in `Paths::signed_in_window`"
        );
    }
    list
}

#[cfg(test)]
mod tests {
    use super::{made, of};
    use crate::{BffProvider, Paths, Router, SignedInPage};
    use bff_contract::access::Table;
    use leptos::prelude::*;
    use leptos_router::components::{FlatRoutes, Route};
    use leptos_router::path;
    use std::cell::Cell;

    #[test]
    fn a_function_is_listed_once_and_a_closure_that_holds_something_each_time() {
        struct Function;
        let count = Cell::new(0);
        let make = || {
            count.set(count.get() + 1);
            vec![leptos_axum::AxumRouteListing::default()]
        };
        assert_eq!(of::<Function>(make).len(), 1);
        assert_eq!(of::<Function>(make).len(), 1);
        assert_eq!(count.get(), 1);
        of::<String>(make);
        of::<String>(make);
        assert_eq!(count.get(), 3);
    }

    const TABLE: Table = Table::new(&[]);

    fn with_the_page() -> impl IntoView {
        view! {
            <BffProvider table=TABLE>
                <Router>
                    <FlatRoutes fallback=|| "nothing">
                        <Route path=path!("/") view=|| "home" />
                        <Route path=path!("/signed-in") view=SignedInPage />
                    </FlatRoutes>
                </Router>
            </BffProvider>
        }
    }

    fn with_another_page() -> impl IntoView {
        let paths = Paths {
            signed_in_window: "/welcome",
            ..Paths::DEFAULT
        };
        view! {
            <BffProvider table=TABLE paths>
                <Router>
                    <FlatRoutes fallback=|| "nothing">
                        <Route path=path!("/signed-in") view=SignedInPage />
                    </FlatRoutes>
                </Router>
            </BffProvider>
        }
    }

    #[test]
    fn an_application_with_the_page_of_a_sign_in_beside_another_is_listed() {
        let list = made(with_the_page, vec!["/left-out".to_owned()]);
        let paths: Vec<&str> = list.iter().map(leptos_axum::AxumRouteListing::path).collect();
        assert!(paths.contains(&"/") && paths.contains(&"/signed-in"), "{paths:?}");
    }

    #[test]
    #[should_panic(expected = "has no page at \"/welcome\"")]
    fn an_application_without_the_page_that_its_paths_name_is_refused() {
        let _ = made(with_another_page, Vec::new());
    }
}
