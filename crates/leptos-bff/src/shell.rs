//! The document around the application.

use crate::assets::Assets;
use crate::session::SessionState;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use std::sync::LazyLock;

/// The whole document: head, the script that starts the WASM, and the application in the body.
///
/// The content security policy needs a [`leptos::nonce::Nonce`] in the context; without one the
/// page is complete, and the browser refuses to hydrate it.
#[must_use]
pub fn shell(assets: Assets, application: AnyView) -> impl IntoView {
    let start = start_script(&assets);
    view! {
        <!DOCTYPE html>
        <html lang="en" dir="ltr">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta
                    name="theme-color"
                    media="(prefers-color-scheme: light)"
                    content="#f6f4ee"
                />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12181a" />
                <meta name="signed-in-at" content=signed_in_at() />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="stylesheet" href=assets.style />
                <link rel="modulepreload" href=assets.script />
                <MetaTags />
                <script type="module" nonce=use_nonce()>
                    {start}
                </script>
            </head>
            <body>
                {application}
            </body>
        </html>
    }
}

/// Starts the WASM, and takes over where it does not start or stops: `shell/start.js`, without its comments.
///
/// Own words instead of Leptos' `HydrationScripts`, which in 0.8 puts the nonce into the
/// `crossorigin` attribute of its preload (leptos-rs/leptos#4843).
///
/// Script and WASM are fetched side by side from here, and not preloaded by a link, which would
/// fetch the WASM for a browser without scripts too.
///
/// The HTML that arrives need not be the HTML that left: a proxy may have changed it, and then hydration stops half way.
/// Such a page, and one whose WASM stops later, is a page without scripts from then on. One thing remains to be done
/// for it: once its session has ended, the page is cleared. The server is told of it once.
fn start_script(assets: &Assets) -> String {
    static START: LazyLock<String> = LazyLock::new(|| {
        let lines = include_str!("shell/start.js").lines().map(str::trim);
        let told: Vec<_> = lines.filter(|line| !line.starts_with("//")).collect();
        told.join("\n")
    });
    let quoted = |address: &str| format!("{address:?}");
    START
        .replacen("SCRIPT", &quoted(&assets.script), 1)
        .replacen("WASM)", &format!("{})", quoted(&assets.wasm)), 1)
}

/// When the person signed in that the page is made for; empty where nobody is. It tells one session of a browser from the
/// next, and no proxy takes it for an address.
fn signed_in_at() -> String {
    let state = use_context::<SessionState>();
    state
        .as_ref()
        .and_then(SessionState::active)
        .map_or_else(String::new, |session| session.signed_in_at.clone())
}

#[cfg(test)]
mod tests;
