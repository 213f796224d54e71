//! Pages that a browser brings back.

use crate::once_hydrated;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::PageTransitionEvent;

/// Reloads a page that the browser takes out of its back/forward cache: it may show a person who has signed out since, and
/// `no-store` does not govern that cache.
pub(crate) fn reload_when_restored() {
    // Nothing listens in a page that is not hydrated.
    once_hydrated(|| {
        let shown = Closure::<dyn Fn(PageTransitionEvent)>::new(|event: PageTransitionEvent| {
            if event.persisted() {
                // The document is a page of this origin: nothing can refuse to reload it.
                let _ = window().location().reload();
            }
        });
        // A page without this listener could show the person who has signed out.
        window()
            .add_event_listener_with_callback("pageshow", shown.as_ref().unchecked_ref())
            .expect("a window takes listeners");
        // The listener lives as long as the page.
        shown.forget();
    });
}
