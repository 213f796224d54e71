//! The script that starts the WASM of a page, and takes over if the WASM does not start or stops.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]
#![expect(clippy::needless_pass_by_value, reason = "a component takes its properties by value")]
#![expect(
    clippy::large_types_passed_by_value,
    reason = "a component takes its properties by value"
)]

use crate::assets::Assets;
use crate::public_path::{PublicPath, href, use_public_path};
use crate::session::SessionState;
use crate::words::Words;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use serde_json::json;
use std::sync::LazyLock;

/// Starts the WASM of a page. Put it into the `head` in place of Leptos' `HydrationScripts`; it takes the same options.
///
/// If the WASM does not start, or stops later, the page works as a page without scripts: each link and each form loads a page.
/// When the session ends, the content is hidden. The server logs the failure once, as `page_failed`. Leptos' component does
/// nothing about such a page.
///
/// ```
/// use leptos::config::LeptosOptions;
/// use leptos::prelude::*;
/// use leptos_bff::BffScripts;
/// use leptos_meta::MetaTags;
///
/// fn shell(options: LeptosOptions) -> impl IntoView {
///     view! {
///         <!DOCTYPE html>
///         <html lang="en">
///             <head>
///                 <BffScripts options />
///                 <MetaTags />
///             </head>
///             <body>"the application"</body>
///         </html>
///     }
/// }
/// ```
#[component]
pub fn BffScripts(
    /// The options of Leptos: they name the files of the front end.
    options: LeptosOptions,
    /// The words of a page that is not shown any more: the same as for [`BffProvider`](crate::BffProvider).
    #[prop(optional)]
    words: Words,
) -> impl IntoView {
    scripts(&Assets::of(&options), &words)
}

/// The script, the facts about the page that it needs, and the links that fetch its modules early.
///
/// A script of this crate's own and not Leptos' `HydrationScripts`, which in 0.8 puts the nonce into the `crossorigin`
/// attribute of its preload (leptos-rs/leptos#4843).
///
/// The script fetches module and WASM side by side. A link that preloads the WASM would fetch it for a browser without
/// scripts too.
///
/// The HTML that arrives need not be the HTML that left: a proxy may have changed it, and then hydration stops half way.
pub(crate) fn scripts(assets: &Assets, words: &Words) -> impl IntoView + use<> {
    #[cfg(feature = "ssr")]
    crate::lazy_files::provide(assets);
    let start = start_script(assets, words, &use_public_path());
    view! {
        <meta name="signed-in-at" content=signed_in_at() />
        <link rel="modulepreload" href=href(&assets.script) />
        {assets.loader.as_deref().map(|loader| view! { <link rel="modulepreload" href=href(loader) /> })}
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
}

/// `start.js` with its arguments, without the lines that only a reader of the file needs.
fn start_script(assets: &Assets, words: &Words, public_path: &PublicPath) -> String {
    static START: LazyLock<String> = LazyLock::new(|| {
        let lines = include_str!("scripts/start.js").lines().map(str::trim);
        let told: Vec<_> = lines.filter(|line| !line.starts_with("//")).collect();
        told.join("\n")
    });
    let failed = words.page_failed;
    let given = json!({
        "path": public_path.as_str(),
        "script": public_path.before(&assets.script),
        "wasm": public_path.before(&assets.wasm),
        "words": {"title": failed.title, "happened": failed.happened, "again": failed.again},
    });
    // No `<` in it, whichever words the application has: an end tag within a script ends the script (HTML,
    // "Restrictions for contents of script elements").
    let given = given.to_string().replace('<', "\\u003c");
    START.replacen("GIVEN", &given, 1)
}

/// When the person signed in that the page is made for; empty if nobody is signed in. It tells one session of a browser
/// from the next, and no proxy takes it for an address.
fn signed_in_at() -> String {
    let state = use_context::<SessionState>();
    state
        .as_ref()
        .and_then(SessionState::active)
        .map_or_else(String::new, |session| session.signed_in_at.clone())
}

#[cfg(test)]
mod tests;
