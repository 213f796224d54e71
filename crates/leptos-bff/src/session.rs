//! The session as the browser knows it: its state, never a token.
//!
//! The server puts a [`SessionState`] into the Leptos context of each render; the same value
//! travels in the HTML, and hydration starts from it, so no page has to ask the server. From
//! then on `live` keeps it true.

mod claims;
mod live;
pub(crate) mod names;

pub use bff_contract::session::{ActiveSession, ClaimsError, EndReason, LeftOut, NotASessionState, SessionState};
pub use claims::use_claims;
pub use live::{Live, leave, use_elapsed, use_live, use_other_sessions, use_session, use_waiting};
pub(crate) use live::{live_of_this_tab, provide_session};
