//! Whether the page is interactive yet.
//!
//! Parts that work only with WASM stay hidden until then, so the first render is the same on the
//! server and in the browser, and a page without JavaScript offers nothing that does not work.

use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Hydrated(RwSignal<bool>);

/// Provides the signal and turns it on once hydration is through: effects run only in the
/// browser, and only after the first render.
pub(crate) fn provide_hydrated() {
    let hydrated = RwSignal::new(false);
    provide_context(Hydrated(hydrated));
    Effect::new(move |_| hydrated.set(true));
}

/// False on the server and during hydration, true from then on.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_hydrated() -> ReadSignal<bool> {
    expect_context::<Hydrated>().0.read_only()
}
