//! The page after a sign-out.

use leptos::prelude::*;
use leptos_bff::{A, SignInLink};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page.
pub(crate) struct SignedOutRoute;

#[lazy_route]
impl LazyRoute for SignedOutRoute {
    fn data() -> Self {
        Self
    }

    fn view(SignedOutRoute: Self) -> AnyView {
        view! { <SignedOutPage /> }.into_any()
    }
}

/// The page says that the session is over. The cart is kept.
#[component]
fn SignedOutPage() -> impl IntoView {
    view! {
        <Title text="Signed out" />
        <h1 tabindex="-1">"See you soon"</h1>
        <p>"You are signed out. Your cart waits for you."</p>
        <p>
            <SignInLink to="/cart">"Back to the cart"</SignInLink>
            " "
            <A href="/">"Look at the shelf"</A>
        </p>
    }
}
