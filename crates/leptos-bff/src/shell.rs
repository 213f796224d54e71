//! The document around the application.

use crate::assets::Assets;
use crate::public_path::href;
use crate::scripts::scripts;
use crate::words::Words;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document: head, the script that starts the WASM as [`BffScripts`](crate::BffScripts) has it, and the application
/// in the body. The words are those that [`BffProvider`](crate::BffProvider) is given. `head` holds the further elements that the application
/// has in its head, such as a description and the picture that other sites show of a link.
///
/// The content security policy needs a [`leptos::nonce::Nonce`] in the context; without one the
/// page is complete, and the browser refuses to hydrate it.
#[must_use]
pub fn shell(assets: Assets, words: Words, head: AnyView, application: AnyView) -> impl IntoView {
    let scripts = scripts(&assets, &words);
    let Assets { style, .. } = assets;
    view! {
        <!DOCTYPE html>
        <html lang=words.language dir=words.direction>
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
                <link rel="icon" type="image/svg+xml" href=href("/favicon.svg") />
                <link rel="stylesheet" href=href(&style) />
                {head}
                <MetaTags />
                {scripts}
            </head>
            <body>
                {application}
            </body>
        </html>
    }
}
