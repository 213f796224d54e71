//! How little an application writes: three lines for each side, from the quick start.

use leptos::prelude::*;

const SERVER: &str = "async fn main() -> ExitCode {
    axum_bff::run(application).await
}";

const PAGE: &str = "let session = use_session();
<SignInLink to=\"/\" />
<SignOutButton />";

const RULE: &str = "pub const TABLE: Table = access! {
    \"/\" | \"/signed-out\" => Public,
};";

#[component]
pub(super) fn Code() -> impl IntoView {
    view! {
        <section class="code" aria-labelledby="code">
            <h2 id="code">"Three lines for each side"</h2>
            <p class="section-lead">
                "The server is a program of your own, the page is ordinary Leptos, and one table holds the rules of access. A page \
                 that the table does not list needs a session."
            </p>
            <div class="snippets">
                <Snippet name="Server" text=SERVER />
                <Snippet name="Page" text=PAGE />
                <Snippet name="Rule" text=RULE />
            </div>
        </section>
    }
}

#[component]
fn Snippet(
    /// The side.
    name: &'static str,
    /// Its lines.
    text: &'static str,
) -> impl IntoView {
    view! {
        <figure class="snippet">
            <figcaption>{name}</figcaption>
            // A long line scrolls, so the keyboard has to get there.
            <pre tabindex="0">
                <code>{text}</code>
            </pre>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::{PAGE, RULE, SERVER};

    /// The code of the quick start is that of `examples/my-app`, which the tests compile.
    #[test]
    fn every_line_that_is_shown_is_a_line_of_the_quick_start() {
        let quick_start = include_str!("../../../../docs/quick-start.md");
        for text in [SERVER, PAGE, RULE] {
            assert_eq!(text.lines().count(), 3);
            for line in text.lines().map(str::trim) {
                assert!(quick_start.contains(line), "{line}");
            }
        }
    }
}
