//! The document around the application.

use crate::assets::Assets;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document: head, hydration script, and the application in the body.
///
/// The content security policy needs a [`leptos::nonce::Nonce`] in the context; without one the
/// page is complete, and the browser refuses to hydrate it.
#[must_use]
pub fn shell(assets: Assets, application: AnyView) -> impl IntoView {
    let hydration = hydration_script(&assets);
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
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="stylesheet" href=assets.style />
                <link rel="modulepreload" href=assets.script />
                <MetaTags />
                <script type="module" nonce=use_nonce()>
                    {hydration}
                </script>
            </head>
            <body>
                {application}
            </body>
        </html>
    }
}

/// Own words instead of Leptos' `HydrationScripts`, which in 0.8 puts the nonce into the
/// `crossorigin` attribute of its preload (leptos-rs/leptos#4843).
///
/// Script and WASM are fetched side by side from here, and not preloaded by a link, which would
/// fetch the WASM for a browser without scripts too. A page whose script does not load stays
/// readable and its forms work: so a failure is only told to the console.
fn hydration_script(assets: &Assets) -> String {
    let Assets { script, wasm, .. } = assets;
    format!(
        "Promise.all([import({script:?}), fetch({wasm:?})])\
         .then(([module, wasm]) => module.default({{module_or_path: wasm}}).then(() => module.hydrate()))\
         .catch((error) => console.error(\"The page stays without its script:\", error));"
    )
}

#[cfg(test)]
mod tests {
    use super::hydration_script;
    use crate::assets::Assets;

    #[test]
    fn the_hydration_script_names_both_files() {
        let script = hydration_script(&Assets::default());
        assert!(script.contains("import(\"/pkg/frontend.js\")"), "{script}");
        assert!(script.contains("fetch(\"/pkg/frontend.wasm\")"), "{script}");
    }
}
