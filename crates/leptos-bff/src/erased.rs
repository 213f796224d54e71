//! Views without their types.
//!
//! A view's type says all that is in it, and Leptos generates code for each type: most of the WASM
//! is that. What is small and the same anywhere else is kept small here by forgetting types.

#[cfg(not(feature = "ssr"))]
mod part;

use leptos::prelude::*;

/// A page or a part of one, without its type: for each page, for one of several, and for one whose
/// type is large. It has to be something in the document: an element or text.
///
/// Such a view is hydrated in one go. Leptos can also hydrate bit by bit, awaiting what loads late;
/// there is none of that here, and its code made up a fifth of the WASM.
#[cfg(feature = "ssr")]
pub fn erased(view: impl IntoView + 'static) -> AnyView {
    view.into_any()
}

/// As on the server, with less code for each type.
#[cfg(not(feature = "ssr"))]
pub fn erased(view: impl IntoView + 'static) -> AnyView {
    part::Part::replaced(view).into_any()
}

/// As [`erased`], for what is drawn anew while somebody may be in the middle of it: its elements,
/// and with them the focus, stay.
#[cfg(feature = "ssr")]
pub fn erased_kept(view: impl IntoView + 'static) -> AnyView {
    view.into_any()
}

/// As on the server, with less code for each type.
#[cfg(not(feature = "ssr"))]
pub fn erased_kept(view: impl IntoView + 'static) -> AnyView {
    part::Part::kept(view).into_any()
}

/// A closure in a view, whose type says no more than what it gives. For each type of closure that
/// a view follows some kilobytes are generated; boxed, all that give the same are one type.
pub fn dynamic<T: 'static>(closure: impl Fn() -> T + Send + 'static) -> Box<dyn Fn() -> T + Send> {
    Box::new(closure)
}
