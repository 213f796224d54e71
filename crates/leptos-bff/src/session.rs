//! What the browser may know of the session: its state, never a token.
//!
//! The server puts a [`SessionState`] into the Leptos context of each render; the same value
//! travels in the HTML and is what hydration starts from, so no page asks who is signed in. From
//! then on `live` keeps it true.

mod claims;
mod live;
pub(crate) mod names;
mod parked;

pub use bff_contract::session::{ActiveSession, ClaimsError, EndReason, LeftOut, NotASessionState, SessionState};
pub use claims::use_claims;
pub use live::{Live, leave, provide_session, use_elapsed, use_live, use_session};
pub use parked::{Calls, use_calls, use_waiting};

use crate::json;
use serde_json::Value;

impl json::Read for SessionState {
    fn read(json: Value) -> Option<Self> {
        Self::try_from(json).ok()
    }
}
