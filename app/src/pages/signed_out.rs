//! Where a sign-out ends. Public, and never signs anybody in by itself.

use leptos::prelude::*;
use leptos_bff::erased::{dynamic, erased};
use leptos_bff::navigation::use_query;
use leptos_bff::session::use_session;
use leptos_bff::sign_in::sign_in_href;
use leptos_bff::title::set_title;

/// Says that the session here has ended, and what the provider did about its own: `?provider=`
/// may be `none` or `unavailable`.
#[component]
pub(crate) fn SignedOutPage() -> impl IntoView {
    let session = use_session();
    // Somebody may come back to this address long after signing in again.
    let still_in = move || session.with(|state| state.active().is_some());
    let provider = use_query("provider").and_then(|word| about_provider(&word));
    set_title(move || if still_in() { "Signed in" } else { "Signed out" }.to_owned());
    erased(view! {
        {dynamic(move || if still_in() { said(&STILL_IN, None) } else { said(&SIGNED_OUT, provider) })}
    })
}

/// What the page says.
struct Said {
    title: &'static str,
    lead: &'static str,
    link: &'static str,
    href: fn() -> String,
}

const SIGNED_OUT: Said = Said {
    title: "You are signed out",
    lead: "Your session here has ended, and its tokens have been deleted on the server.",
    link: "Sign in again",
    href: || sign_in_href("/profile"),
};

const STILL_IN: Said = Said {
    title: "You are signed in",
    lead: "This is where a sign-out ends, but there is a session in this browser: perhaps you signed in again since.",
    link: "Open your profile",
    href: || "/profile".to_owned(),
};

/// `provider` is what became of the provider's own session, where it may still be open.
fn said(said: &Said, provider: Option<&'static str>) -> AnyView {
    erased(view! {
        <article class="problem">
            <h1 tabindex="-1">{said.title}</h1>
            <p class="lead">{said.lead}</p>
            {provider
                .map(|sentence| {
                    view! {
                        <p class="notice">{sentence}</p>
                    }
                })}
            <p class="actions">
                <a class="button" rel="external" href=(said.href)()>
                    {said.link}
                </a>
                <a class="button button-quiet" href="/">
                    "Home page"
                </a>
            </p>
        </article>
    })
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
