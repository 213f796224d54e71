#![doc = include_str!("../README.md")]

mod action_form;
pub mod assets;
mod client;
mod components;
pub mod drafts;
pub mod fetch;
pub mod guard;
mod hydrated;
#[cfg(feature = "ssr")]
mod lazy_files;
#[cfg(feature = "ssr")]
mod live_reload;
pub mod navigation;
#[cfg(feature = "ssr")]
mod page_list;
mod pages;
mod paths;
pub mod problem;
mod provide;
mod public_path;
pub mod rcdata;
mod restored;
mod router;
mod scripts;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
#[cfg(feature = "ssr")]
mod shell;
pub mod sign_in;
mod style;
pub mod words;

pub use action_form::ActionForm;
pub use bff_contract::access;
pub use bff_contract::paths::Paths;
pub use client::{BffClient, ParkingClient, SessionClient, UnattendedClient};
pub use components::{CopyButton, EndedNotice, RemainingTime, SessionNotice, SignInLink, SignOutButton};
pub use hydrated::{once_hydrated, use_hydrated};
pub use pages::{NotFoundPage, ProblemPage, SignedInPage, WhileSignedIn};
pub use paths::use_paths;
pub use provide::{BffProvider, provide_bff, use_problem};
pub use public_path::{href, public_path, use_pathname};
pub use router::{A, Router};
pub use scripts::BffScripts;
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use style::STYLE;
pub use words::{Words, use_words};
