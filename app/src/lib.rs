//! The pages, for server rendering and for WASM. This crate knows no token, no Redis and no
//! OpenID Connect crate: the server provides what a page needs as Leptos context.
//!
//! The way of a page: the server decides with [`access`] whether it may be opened, provides
//! [`session::SessionState`], an optional [`problem::Problem`] and a nonce as context, and renders
//! [`shell()`]. [`provide_bff`], which [`App`] calls first, hands the first two to the browser inside
//! the HTML; hydration starts from them, so no page asks the server who is signed in.
//!
//! Another application takes [`provide_bff`], [`session`], [`guard`], [`access`] and [`ProblemPage`],
//! and brings pages and an access table of its own.

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
pub mod guard;
mod hydrated;
mod json;
mod letters;
mod navigation;
mod pages;
pub mod problem;
mod provide;
mod rcdata;
mod routes;
pub mod server_functions;
pub mod session;
#[cfg(feature = "ssr")]
mod shell;
mod sign_in;
mod title;

pub use app::{App, NAME};
pub use components::SessionNotice;
pub use pages::{NotFoundPage, ProblemPage, while_signed_in};
pub use provide::provide_bff;
#[cfg(feature = "ssr")]
pub use shell::shell;
