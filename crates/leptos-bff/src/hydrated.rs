//! Whether the page is interactive yet.
//!
//! Parts that work only with WASM stay hidden until then, so the first render is the same on the
//! server and in the browser, and a page without JavaScript offers nothing that does not work.

use crate::session::names::PAGE_HYDRATED;
use leptos::prelude::*;
use web_sys::Event;

#[derive(Clone, Copy)]
pub(crate) struct Hydrated(RwSignal<bool>);

/// Provides the signal, which is false.
pub(crate) fn provide_hydrated() -> Hydrated {
    let hydrated = Hydrated(RwSignal::new(false));
    provide_context(hydrated);
    hydrated
}

impl Hydrated {
    /// The last element of the hydrated view: it turns the signal on when its turn has come. An effect may run
    /// before that, while the code of a lazy route is awaited. On the server, the page is rendered by then.
    pub(crate) fn when_reached(self) -> impl IntoView {
        move || self.turn_on()
    }

    /// Turns the signal on. On the server it stays off.
    pub(crate) fn turn_on(self) {
        if cfg!(feature = "ssr") {
            #[cfg(feature = "ssr")]
            crate::lazy_files::name_them();
            return;
        }
        self.0.set(true);
        // The script of the document tells a hydration that failed from a page that failed later.
        if let Ok(event) = Event::new(PAGE_HYDRATED) {
            let _ = window().dispatch_event(&event);
        }
    }
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

/// Does something in the browser, once, as soon as the page is interactive.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
pub fn once_hydrated(work: impl FnOnce() + 'static) {
    let hydrated = use_hydrated();
    let mut work = Some(work);
    Effect::new(move |_| {
        if hydrated.get()
            && let Some(work) = work.take()
        {
            untrack(work);
        }
    });
}
