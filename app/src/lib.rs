//! The pages, for server rendering and for WASM. This crate knows no token, no Redis and no
//! OpenID Connect crate: the server provides what a page needs as Leptos context.
//!
//! The way of a page: the server decides with [`access`] whether it may be opened, provides
//! [`session::SessionState`], an optional [`problem::Problem`] and a nonce as context, and renders
//! [`shell()`]. [`App`] hands the first two to the browser inside the HTML; hydration starts from
//! them, so no page asks the server who is signed in.

pub mod access;
mod app;
pub mod assets;
mod calendar;
pub mod claim;
mod components;
mod device;
mod drafts;
mod erased;
mod fetch;
mod guard;
mod hydrated;
mod pages;
pub mod problem;
pub mod server_functions;
pub mod session;
mod shell;
mod sign_in;

pub use app::{App, NAME};
pub use shell::shell;
