#![doc = include_str!("../README.md")]

pub mod assets;
mod client;
mod components;
pub mod drafts;
pub mod fetch;
pub mod guard;
mod hydrated;
#[cfg(feature = "ssr")]
mod live_reload;
pub mod navigation;
#[cfg(feature = "ssr")]
mod page_list;
mod pages;
mod paths;
pub mod problem;
mod provide;
pub mod rcdata;
mod restored;
mod scripts;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
#[cfg(feature = "ssr")]
mod shell;
pub mod sign_in;
mod style;
pub mod words;

pub use bff_contract::access;
pub use bff_contract::paths::Paths;
pub use client::{BffClient, ParkingClient, SessionClient};
pub use components::{EndedNotice, RemainingTime, SessionNotice, SignInLink, SignOutButton};
pub use hydrated::{once_hydrated, use_hydrated};
pub use pages::{NotFoundPage, ProblemPage, WhileSignedIn};
pub use paths::use_paths;
pub use provide::{BffProvider, provide_bff, use_problem};
pub use scripts::BffScripts;
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use style::STYLE;
pub use words::{Words, use_words};
