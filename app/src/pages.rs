//! The pages, one file each.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod admin;
mod erase_notes;
mod home;
mod notes;
mod orders;
mod profile;
mod sessions;
mod signed_in;
mod signed_out;

pub(crate) use admin::AdminPage;
pub(crate) use erase_notes::EraseNotesPage;
pub(crate) use home::HomePage;
pub(crate) use notes::NotesPage;
pub(crate) use orders::OrdersPage;
pub(crate) use profile::ProfilePage;
pub(crate) use sessions::SessionsPage;
pub(crate) use signed_in::SignedInPage;
pub(crate) use signed_out::SignedOutPage;
