//! A page for which a session is not enough either: it asks for a fresh authentication.
//!
//! Its form is the browser's own, with a script as without: nothing is erased by a page that goes
//! on by itself after the person has authenticated again.

use crate::server_functions::EraseNotes;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::navigation::use_query;
use leptos_bff::{WhileSignedIn, href};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct EraseNotesRoute;

#[lazy_route]
impl LazyRoute for EraseNotesRoute {
    fn data() -> Self {
        Self
    }

    fn view(EraseNotesRoute: Self) -> AnyView {
        view! { <EraseNotesPage /> }.into_any()
    }
}

/// Erases all of a person's notes at once.
#[component]
fn EraseNotesPage() -> impl IntoView {
    let said = use_query("erased").and_then(|word| words(&word));
    view! {
        <Title text="Erase all notes" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Needs a sign-in of the last five minutes"</p>
                <h1 tabindex="-1">"Erase all my notes"</h1>
                <p class="lead">
                    "This cannot be undone. So the access table demands that you signed in at the provider within the last five \
                     minutes. If you signed in earlier, the provider asks you again and brings you back here."
                </p>
            </div>
            {said.map(|said| view! { <p class="notice" role="status">{said}</p> })}
            <form method="post" action=href(EraseNotes::url())>
                <button class="button">"Erase all my notes"</button>
            </form>
        </WhileSignedIn>
    }
}

/// The result, by the word in the address.
fn words(word: &str) -> Option<&'static str> {
    match word {
        "all" => Some("All your notes are erased."),
        "unavailable" => Some("Nothing was erased: notes cannot be changed just now. Try again in a moment."),
        _ => None,
    }
}
