//! Where a sign-out leads.

use leptos::prelude::*;
use leptos_bff::SignInLink;
use leptos_meta::Title;
use leptos_router::components::A;

/// Says that the session is over. What is in the cart stays there.
#[component]
pub(crate) fn SignedOutPage() -> impl IntoView {
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
