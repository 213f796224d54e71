//! The pages by their paths: the server's routes, and what a navigation inside the browser shows.

use crate::pages::{AdminPage, EraseNotesPage, HomePage, NotFoundPage, NotesPage, OrdersPage};
use crate::pages::{ProfilePage, SessionsPage, SignInFailedPage, SignedInPage, SignedOutPage};
use leptos::prelude::*;
#[cfg(feature = "router")]
use leptos_router::SsrMode::{Async, OutOfOrder};
#[cfg(feature = "router")]
use leptos_router::components::{FlatRoutes, Route};

/// For each page its path, its component, and how the server sends it.
macro_rules! routes {
    ($($path:tt $page:ident $mode:ident,)+) => {
        /// The page of the request, and the list of routes. `access::TABLE` says who may open which.
        #[cfg(feature = "router")]
        pub(crate) fn routes() -> impl IntoView {
            view! {
                <FlatRoutes fallback=NotFoundPage>
                    $(<Route path=leptos_router::path!($path) view=$page ssr=$mode />)+
                </FlatRoutes>
            }
        }

        /// Whether a path is that of a page.
        #[cfg(not(feature = "router"))]
        pub(crate) fn is_page(path: &str) -> bool {
            [$($path),+].contains(&path)
        }

        #[cfg(not(feature = "router"))]
        fn page(path: &str) -> AnyView {
            use crate::erased::erased;
            match path {
                $($path => erased(view! { <$page /> }),)+
                _ => erased(view! { <NotFoundPage /> }),
            }
        }
    };
}

routes! {
    "/" HomePage OutOfOrder,
    "/profile" ProfilePage OutOfOrder,
    // Whole at once: a list that arrives later needs a script to be put in its place.
    "/sessions" SessionsPage Async,
    "/notes" NotesPage Async,
    "/orders" OrdersPage OutOfOrder,
    "/admin" AdminPage OutOfOrder,
    "/notes/erase" EraseNotesPage OutOfOrder,
    "/signed-in" SignedInPage OutOfOrder,
    "/signed-out" SignedOutPage OutOfOrder,
    "/sign-in-failed" SignInFailedPage OutOfOrder,
}

/// The page of the address, and after a navigation inside the browser the next one in its place.
#[cfg(not(feature = "router"))]
pub(crate) fn routes() -> impl IntoView {
    use crate::erased::dynamic;
    use crate::navigation::{focus_heading_after_navigation, use_location};
    focus_heading_after_navigation();
    let path = use_location().pathname;
    dynamic(move || page(&path.get()))
}
