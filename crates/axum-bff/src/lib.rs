#![doc = include_str!("../README.md")]

pub mod access_tokens;
pub mod administration;
mod apis;
pub mod audit;
mod auth;
mod bff;
mod bounds;
mod builder;
pub mod checks;
pub mod claims;
pub mod client_address;
mod concurrency;
pub mod config;
pub mod cookies;
mod descriptors;
#[cfg(any(feature = "dev", test))]
pub mod development;
pub mod doctor;
pub mod error;
pub mod event_streams;
mod events;
mod health;
mod hooks;
mod idle;
mod in_flight;
pub mod login_transaction;
pub mod metrics;
pub mod middleware;
mod page_policy;
mod problem_page;
mod rate;
pub mod relay;
mod reload;
mod request;
mod response;
pub mod return_to;
pub mod revocation;
mod router;
mod routes;
mod run;
pub mod serve;
mod server_certificate;
mod session;
mod shown;
mod shown_session;
mod sign_in_failed;
mod static_files;
mod step_up;
pub mod tasks;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod trace_context;
mod trusted;

pub use administration::Administration;
pub use bff::{Bff, Components};
pub use bff_contract::{access, paths, problem};
pub use bff_session::{CodeFlow, IdTokenOfRefresh, Identity, SeenFrom, TokenRefresh};
pub use builder::{BuildError, Builder};
pub use checks::CheckFunction;
pub use error::ApplicationError;
pub use events::{AdministrativeAct, Cause, Event, EventKind, Events, Person};
pub use hooks::{Account, ClaimsUpdate, DataError, HookError, Refusal, SignIn};
pub use relay::{Api, ApiName, ApiRequest, ApiResponse};
pub use reload::{ReloadError, Reloaded};
pub use routes::{RouteList, UselessRule, WhyUseless, WrongRoute};
pub use run::{doctor, routes, run, run_with};
pub use server_certificate::{CertificateFault, ServerCertificate, ServerCertificateError};
pub use session::{EndOtherError, HeldTokens, OwnSession, RereadError, Session, SessionsPage};

/// The code of the repository's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
