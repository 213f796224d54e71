//! The WASM entry point: hydrates the pages that the server rendered.

// The type of a page says all that is in it.
#![recursion_limit = "256"]

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// Makes the page interactive. The script in the page calls it once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
    // Nothing listens in a page that did not hydrate.
    reload_restored_pages();
}

/// Reloads a page that the browser takes out of its back/forward cache: it may show somebody who
/// has signed out since, and `no-store` does not govern that cache.
fn reload_restored_pages() {
    let window = leptos::prelude::window();
    let on_page_show =
        Closure::<dyn Fn(web_sys::PageTransitionEvent)>::new(move |event: web_sys::PageTransitionEvent| {
            if event.persisted() {
                // The document is a page of this origin: nothing can refuse to reload it.
                let _ = leptos::prelude::window().location().reload();
            }
        });
    // A page without this listener would be one that can show what it must not.
    window
        .add_event_listener_with_callback("pageshow", on_page_show.as_ref().unchecked_ref())
        .expect_throw("a window takes listeners");
    // The listener lives as long as the page.
    on_page_show.forget();
}
