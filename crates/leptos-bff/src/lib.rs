#![doc = include_str!("../README.md")]

pub mod assets;
mod components;
pub mod drafts;
#[doc(hidden)]
pub mod erased;
pub mod fetch;
pub mod guard;
mod hydrated;
#[doc(hidden)]
pub mod json;
pub mod navigation;
mod pages;
mod paths;
pub mod problem;
mod provide;
pub mod rcdata;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
#[cfg(feature = "ssr")]
mod shell;
pub mod sign_in;
pub mod title;

pub use components::{EndedNotice, RemainingTime, SessionNotice};
pub use hydrated::use_hydrated;
pub use pages::{NotFoundPage, ProblemPage, SignInFailedPage, session_ended, session_unreadable, while_signed_in};
pub use paths::{provide_paths, use_paths};
pub use provide::provide_bff;
#[cfg(feature = "ssr")]
pub use shell::shell;
