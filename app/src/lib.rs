//! The pages, for server rendering and for WASM. This crate knows no token, no Redis and no
//! OpenID Connect crate: the server provides what a page needs as Leptos context.

pub mod access;
pub mod assets;
pub mod problem;
pub mod server_functions;
pub mod session;
