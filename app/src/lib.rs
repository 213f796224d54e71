//! The demonstration's pages, for server rendering and for WASM. This crate knows no token, no Redis and no OpenID Connect
//! crate: the server provides what a page needs as Leptos context.
//!
//! The way of a page: the server decides with [`access`] whether it may be opened, provides
//! [`session::SessionState`], an optional [`problem::Problem`] and a nonce as context, and renders
//! [`shell()`]. [`leptos_bff::BffProvider`], with which [`App`] begins, hands the first two to the browser inside
//! the HTML; hydration starts from them, so no page has to ask the server for the session.

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

pub use app::{App, NAME};
// The server takes them from here until it takes them from their crates.
#[cfg(feature = "ssr")]
pub use leptos_bff::shell;
pub use leptos_bff::{NotFoundPage, ProblemPage, assets, guard, problem, provide_bff, session};
