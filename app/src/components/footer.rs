//! The foot of every page.

use leptos::prelude::*;

/// Says once more where the tokens are.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p>"Tokens stay on the server. This browser holds none, only an opaque cookie."</p>
        </footer>
    }
}
