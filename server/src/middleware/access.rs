//! Who may open which path: the access table of the `app` crate, asked before anything is
//! rendered or run. A path that the table does not name needs a session (invariant 2).

use crate::error::Error;
use app::access::{Decision, Missing, decide, rule};
use app::session::SessionState;
use axum::extract::Request;
use std::sync::Arc;

/// Refuses what this session may not open.
pub(crate) fn access(request: &Request) -> Result<(), Error> {
    let session = request.extensions().get::<Arc<SessionState>>();
    let session = session.map_or(&SessionState::Anonymous, |session| &**session);
    match decide(rule(request.uri().path()), session) {
        Decision::Allow => Ok(()),
        Decision::SignIn => Err(Error::SignInRequired),
        Decision::SessionEnded(reason) => Err(Error::SessionEnded(reason)),
        Decision::Forbidden(Missing::Role(role)) => Err(Error::RoleMissing(role)),
        Decision::Forbidden(Missing::Claim(claim)) => Err(Error::ClaimMissing(claim)),
        Decision::StepUp(seconds) => Err(Error::StepUpRequired(seconds)),
        Decision::Unavailable => Err(Error::SessionUnreadable),
    }
}
