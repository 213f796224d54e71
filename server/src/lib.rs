//! The backend-for-frontend: signs people in with OpenID Connect, keeps their tokens, renders the
//! pages. The browser gets an opaque cookie and the session's state, never a token.
//!
//! # The way of data
//!
//! | request | what happens | store | provider |
//! |---|---|---|---|
//! | asset | static service, outside the session | 0 | 0 |
//! | page or server function, no cookie | headers, CSRF, access decision | 0 | 0 |
//! | page or server function, signed in | the session is read once, in a layer | 1 read | 0 |
//! | `GET /auth/events` | told what happens to the session | 1 read for each thing told | 0 |
//! | `GET /auth/login` | cached metadata, a sealed transaction, 303 | 0 | 0 |
//! | `GET /auth/callback` | unseal, accept, redeem, establish, 303 | 1 mark, 1 pipeline; 0 for what no provider said | token, userinfo |
//! | `POST /auth/logout` | end the session, then a page that leads on to the provider | 1 read, 1 pipeline | 0 |
//! | `/api/<name>/...` | the session, its tokens, the API with one of them | 2 reads | 0, or a refresh |
//!
//! # The rooms
//!
//! [`relying_party`] is the protocol and knows no HTTP server and no store. [`session`] is what a
//! session is and where it is kept, and knows no OpenID Connect. The handlers in `auth` join the
//! two. The `app` crate has the pages and knows neither; it is handed the session's state. A test
//! (`tests/it/borders.rs`) holds these borders.
//!
//! # For another application
//!
//! [`run`] serves any [`Application`], with the command line and the settings of the program `bff`,
//! which is `run` with the pages of `app`. `docs/kit.md` shows how.

pub mod access_tokens;
mod application;
mod auth;
pub mod claims;
pub mod client;
pub mod config;
pub mod cookies;
mod descriptors;
#[cfg(feature = "dev")]
pub mod development;
mod doctor;
pub mod error;
pub mod event_streams;
mod health;
mod idle;
pub mod login_transaction;
pub mod middleware;
pub mod notes;
mod open;
pub mod pages;
pub mod tasks;
pub use bff_contract::paths;
pub mod profile;
mod rate;
pub mod relay;
mod request;
pub mod return_to;
pub mod revocation;
mod room;
pub mod router;
mod run;
pub mod serve;
pub mod sign_in_failed;
pub mod state;
mod static_files;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;

pub use application::{Application, ListedRoute, RouteKind, UselessRule, WhyUseless};
pub use run::run;
