//! The foot of every page.

use leptos::prelude::*;
use leptos_bff::href;

/// Says once more where the tokens are, and leads to the documents.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <div class="site-footer-row">
                <p>"Tokens stay on the server. This browser holds one opaque cookie."</p>
                <ul>
                    <li>
                        <a rel="external" href=href("/docs/index.html")>
                            "Documents"
                        </a>
                    </li>
                    <li>
                        <a rel="external" href=href("/docs/security.html")>
                            "Security"
                        </a>
                    </li>
                    <li>"MIT or Apache-2.0"</li>
                    <li>"Version " {env!("CARGO_PKG_VERSION")}</li>
                </ul>
            </div>
        </footer>
    }
}
