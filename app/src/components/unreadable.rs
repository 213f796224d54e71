//! The notice of a page whose content the server cannot read at the moment.

use leptos::prelude::*;
use leptos_bff::href;

/// The words, and a link that loads the page again.
#[component]
pub(crate) fn Unreadable(
    /// The content that is missing, and the reassurance that it is not lost.
    says: &'static str,
    /// The path of the page.
    page: &'static str,
) -> impl IntoView {
    view! {
        <div class="notice" role="alert">
            <p>{says}</p>
            <p>
                <a rel="external" href=href(page)>
                    "Try again"
                </a>
            </p>
        </div>
    }
}
