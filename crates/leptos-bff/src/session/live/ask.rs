//! Asking the server for the session's state.

use crate::fetch::{get, post_form};
use crate::problem::Problem;
use crate::session::SessionState;
use bff_contract::paths::SESSION;

/// The state, which is not extended by asking.
pub(super) async fn state() -> Result<SessionState, Problem> {
    get(SESSION).await
}

/// The state after the session was extended.
pub(super) async fn extension() -> Result<SessionState, Problem> {
    post_form(SESSION, "").await
}
