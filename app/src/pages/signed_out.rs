//! Where a sign-out ends. Public, and never signs anybody in by itself.

use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::session::use_session;
use leptos_bff::{A, SignInLink, href};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
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

/// Says that the session here has ended, and whether the one at the provider has: `?provider=`
/// may be `none` or `unavailable`.
#[component]
fn SignedOutPage() -> impl IntoView {
    let session = use_session();
    // Somebody may come back to this address long after signing in again.
    let still_in = Memo::new(move |_| session.with(|state| state.active().is_some()));
    view! {
        <article class="problem">
            <Show when=move || still_in.get() fallback=SignedOut>
                <StillSignedIn />
            </Show>
        </article>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    let provider = use_query("provider").and_then(|word| about_provider(&word));
    let at_provider = if provider.is_some() {
        "may go on"
    } else {
        "the provider was asked to end it"
    };
    view! {
        <Title text="Signed out" />
        <h1 tabindex="-1">"You are signed out"</h1>
        <p class="lead">"Your session here has ended, and its tokens have been deleted on the server."</p>
        {provider.map(|sentence| view! { <p class="notice">{sentence}</p> })}
        <p class="actions">
            <SignInLink to="/profile">"Sign in again"</SignInLink>
            <A href="/" attr:class="button button-quiet">
                "Home page"
            </A>
        </p>
        <dl class="facts ended-facts">
            <dt>"Session here"</dt>
            <dd>"ended, on every server of this application"</dd>
            <dt>"Its tokens"</dt>
            <dd>"deleted, and revoked where the provider offers that"</dd>
            <dt>"Other open pages of it"</dt>
            <dd>"told, and cleared"</dd>
            <dt>"Session at the provider"</dt>
            <dd>{at_provider}</dd>
        </dl>
    }
}

#[component]
fn StillSignedIn() -> impl IntoView {
    view! {
        <Title text="Signed in" />
        <h1 tabindex="-1">"You are signed in"</h1>
        <p class="lead">
            "This is where a sign-out ends, but there is a session in this browser: perhaps you signed in again since."
        </p>
        <p class="actions">
            <a class="button" rel="external" href=href("/profile")>
                "Open your profile"
            </a>
            <A href="/" attr:class="button button-quiet">
                "Home page"
            </A>
        </p>
    }
}

fn about_provider(word: &str) -> Option<&'static str> {
    match word {
        "none" => Some(
            "This provider offers no sign-out of its own, so you may still be signed in there. On \
             a shared computer, close the browser or sign out on the provider's own pages.",
        ),
        "unavailable" => Some(
            "The provider could not be reached, so you may still be signed in there. On a shared \
             computer, close the browser or sign out on the provider's own pages.",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::about_provider;

    #[test]
    fn a_provider_session_that_may_be_open_is_spoken_of() {
        assert!(about_provider("none").is_some());
        assert!(about_provider("unavailable").is_some());
        assert_ne!(about_provider("none"), about_provider("unavailable"));
        assert_eq!(about_provider("anything"), None);
    }
}
