//! Where a sign-in ends that was done beside the page that wanted it.

use leptos::prelude::*;
use leptos_bff::{A, WhileSignedIn};
use leptos_meta::Title;
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

/// Says that the other window goes on by itself, and closes this one where the browser lets a
/// page do that.
#[component]
fn SignedInPage() -> impl IntoView {
    // Effects run in the browser only. A tab that somebody opened by hand is not closed by this.
    Effect::new(|_| {
        let _ = window().close();
    });
    view! {
        <Title text="Signed in" />
        <WhileSignedIn>
            <article class="problem">
                <h1 tabindex="-1">"You are signed in"</h1>
                <p class="lead">"The window where you were goes on by itself. You can close this one."</p>
                <p class="actions">
                    <A href="/profile" attr:class="button button-quiet">
                        "Open your profile here"
                    </A>
                </p>
            </article>
        </WhileSignedIn>
    }
}
