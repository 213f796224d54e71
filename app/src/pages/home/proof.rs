//! What the project is held to, with the documents that show it.

use leptos::prelude::*;
use leptos_bff::href;

#[component]
pub(super) fn Proof() -> impl IntoView {
    view! {
        <section class="proof" aria-labelledby="proof">
            <h2 id="proof">"Do not take our word for it"</h2>
            <ul class="proof-list">
                <Document
                    path="/docs/conformance.html"
                    name="Conformance"
                    says="Every requirement on a relying party, with the tests that hold it or the reason why none does. No certification is \
                          implied."
                />
                <Document
                    path="/docs/security.html"
                    name="Security"
                    says="What always holds, against whom, and which data about a person is kept."
                />
                <Document
                    path="/docs/figures.html"
                    name="Figures"
                    says="What was measured, with the commands that measure it again. Missed targets are listed too."
                />
            </ul>
        </section>
    }
}

#[component]
fn Document(
    /// Where it is.
    path: &'static str,
    /// Its name.
    name: &'static str,
    /// Its content.
    says: &'static str,
) -> impl IntoView {
    view! {
        <li>
            <h3>
                <a rel="external" href=href(path)>
                    {name}
                </a>
            </h3>
            <p>{says}</p>
        </li>
    }
}
