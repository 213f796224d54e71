//! The pages: rendered on the server and hydrated in the browser.

pub mod app;

/// Makes the page interactive.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
}
