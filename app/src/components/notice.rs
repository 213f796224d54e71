//! A short message set apart from the text around it.

use leptos::prelude::*;

/// A framed message of caution. Its words must say so: colour alone tells nobody.
#[component]
pub(crate) fn Notice(
    /// The message.
    children: Children,
) -> impl IntoView {
    view! { <div class="notice">{children()}</div> }
}
