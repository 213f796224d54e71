//! The pages, one file each.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod admin;
mod all_sessions;
mod erase_notes;
mod flow;
mod home;
mod notes;
mod orders;
mod profile;
mod sessions;
mod signed_in;
mod signed_out;

pub(crate) use admin::AdminRoute;
pub(crate) use all_sessions::AllSessionsRoute;
pub(crate) use erase_notes::EraseNotesRoute;
pub(crate) use flow::FlowRoute;
pub(crate) use home::HomeRoute;
pub(crate) use notes::NotesRoute;
pub(crate) use orders::OrdersRoute;
pub(crate) use profile::ProfileRoute;
pub(crate) use sessions::SessionsRoute;
pub(crate) use signed_in::SignedInRoute;
pub(crate) use signed_out::SignedOutRoute;
