//! Where a sign-in ends that was done beside the page that wanted it.

use leptos::prelude::*;
use leptos_bff::SignedInPage;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct SignedInRoute;

#[lazy_route]
impl LazyRoute for SignedInRoute {
    fn data() -> Self {
        Self
    }

    fn view(SignedInRoute: Self) -> AnyView {
        view! { <SignedInPage /> }.into_any()
    }
}
