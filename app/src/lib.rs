//! The demonstration's pages, for server rendering and for WASM. This crate knows no token, no Redis and no OpenID
//! Connect crate: the server provides the data of a page as Leptos context.
//!
//! The server decides with [`access`] whether a page may be opened. It provides the session's state, an optional problem and a
//! nonce as context, and renders `leptos_bff::shell`. [`leptos_bff::BffProvider`], with which [`App`] begins, hands the first two
//! to the browser inside the HTML. Hydration starts from them, so no page asks the server who is signed in.

// The type of a page says all that is in it.
#![recursion_limit = "256"]

pub mod access;
mod app;
mod calendar;
pub mod claim;
mod components;
mod device;
mod pages;
pub mod server_functions;
mod tour;

pub use app::{App, NAME};

/// The code of docs/pages.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../docs/pages.md")]
struct WriteYourPages;
