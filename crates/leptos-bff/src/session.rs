//! What the browser may know of the session: its state, never a token.
//!
//! The server puts a [`SessionState`] into the Leptos context of each render; the same value
//! travels in the HTML and is what hydration starts from, so no page asks who is signed in. From
//! then on `live` keeps it true.

mod claims;
mod live;
pub(crate) mod names;

pub use bff_contract::session::{ActiveSession, ClaimsError, EndReason, LeftOut, NotASessionState, SessionState};
pub use claims::use_claims;
pub use live::{Live, leave, use_elapsed, use_live, use_session, use_waiting};
pub(crate) use live::{live_here, provide_session};
