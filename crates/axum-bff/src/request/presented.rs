//! The session that a request presents.

use crate::error::Error;
use axum::http::Extensions;
use bff_contract::session::SessionState;
use bff_session::{LiveSession, SessionId};
use std::sync::Arc;

/// The live session that a request came with.
#[derive(Clone, Debug)]
pub(crate) struct Presented {
    /// Its id.
    pub(crate) id: SessionId,
    /// The record, as it was read for this request.
    pub(crate) session: LiveSession,
}

impl Presented {
    /// The session of a request inside the session layer.
    ///
    /// # Errors
    ///
    /// Nobody is signed in, with the reason if it is known; or the store does not answer.
    pub(crate) fn of(extensions: &Extensions) -> Result<Self, Error> {
        match extensions.get::<Arc<SessionState>>().map(AsRef::as_ref) {
            Some(SessionState::Degraded(_)) => Err(Error::SessionUnreadable),
            Some(SessionState::Ended { reason }) => Err(Error::SessionEnded(*reason)),
            _ => extensions.get().cloned().ok_or(Error::SignInRequired),
        }
    }
}
