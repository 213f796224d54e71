//! The WASM entry point: hydrates the pages that the server rendered.

// The type of a page says all that is in it.
#![recursion_limit = "256"]

use wasm_bindgen::prelude::*;

/// Makes the page interactive. The script in the page calls it once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_lazy(app::App);
}
