//! The shop: rendered on the server and hydrated in the browser.

pub mod access;
pub mod app;
pub mod cart;
#[cfg(feature = "ssr")]
pub mod database;
pub mod goods;
pub mod history;
pub mod orders;
mod pages;
#[cfg(feature = "ssr")]
pub mod server;
mod words;

/// Makes the page interactive, once the code of its lazy route is there.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_lazy(app::App);
}
