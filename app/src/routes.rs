//! The pages by their paths. [`TABLE`](crate::access::TABLE) says who may open which.

use crate::pages::{AdminPage, EraseNotesPage, HomePage, NotesPage, OrdersPage};
use crate::pages::{ProfilePage, SessionsPage, SignedInPage, SignedOutPage};
use leptos::prelude::*;
use leptos_bff::{NotFoundPage, SignInFailedPage};
use leptos_router::SsrMode::Async;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

/// The page of the request or of the address, and the server's list of routes.
pub(crate) fn routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=path!("/") view=HomePage />
            <Route path=path!("/profile") view=ProfilePage />
            // Whole at once: a list that arrives later needs a script to be put in its place.
            <Route path=path!("/sessions") view=SessionsPage ssr=Async />
            <Route path=path!("/notes") view=NotesPage ssr=Async />
            <Route path=path!("/orders") view=OrdersPage />
            <Route path=path!("/admin") view=AdminPage />
            <Route path=path!("/notes/erase") view=EraseNotesPage />
            <Route path=path!("/signed-in") view=SignedInPage />
            <Route path=path!("/signed-out") view=SignedOutPage />
            <Route path=path!("/sign-in-failed") view=SignInFailedPage />
        </FlatRoutes>
    }
}
