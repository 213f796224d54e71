//! The code behind the page: one line at each place.

use leptos::prelude::*;

const LINES: [(&str, &str); 3] = [
    ("The setting", "BFF_API_DEMO=https://api.example.com"),
    (
        "This page",
        "let orders: Vec<Order> = leptos_bff::fetch::get(\"/api/demo/orders\").await?;",
    ),
    (
        "Code on the server",
        "let orders = session.api(\"demo\")?.get(\"/orders\").send().await?;",
    ),
];

/// One line at each place.
#[component]
pub(super) fn Code() -> impl IntoView {
    let lines = LINES.map(|(place, line)| {
        view! {
            <div>
                <dt>{place}</dt>
                <dd>
                    <code>{line}</code>
                </dd>
            </div>
        }
    });
    view! {
        <section class="card" aria-labelledby="code">
            <h2 id="code">"All of it in three lines"</h2>
            <dl class="code-lines">{lines.into_iter().collect_view()}</dl>
        </section>
    }
}
