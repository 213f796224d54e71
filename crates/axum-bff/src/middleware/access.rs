//! Who may open which path: the application's access table, asked before anything is
//! rendered or run. A path that the table does not name needs a session (invariant 2).

use crate::error::Error;
use axum::extract::Request;
use axum::http::Extensions;
use bff_contract::access::{Access, Decision, Missing, Rule, decide};
use bff_contract::session::SessionState;
use std::sync::Arc;

/// Refuses what a session may not open by this table.
pub(crate) fn access(table: Access) -> impl Fn(&Request) -> Result<(), Error> + Clone + Send + Sync {
    move |request| allowed(table.rule(request.uri().path()), request.extensions())
}

/// Whether the session of a request, which its extensions hold inside the session layer, satisfies the rule.
pub(crate) fn allowed(asked: Rule, extensions: &Extensions) -> Result<(), Error> {
    let session = extensions.get::<Arc<SessionState>>();
    satisfied(asked, session.map_or(&SessionState::Anonymous, |session| &**session))
}

/// Whether a session satisfies the rule.
pub(crate) fn satisfied(asked: Rule, session: &SessionState) -> Result<(), Error> {
    match decide(asked, session) {
        Decision::Allow => Ok(()),
        Decision::SignIn => Err(Error::SignInRequired),
        Decision::SessionEnded(reason) => Err(Error::SessionEnded(reason)),
        Decision::Forbidden(Missing::Role(role)) => Err(Error::RoleMissing(role)),
        Decision::Forbidden(Missing::Claim(claim)) => Err(Error::ClaimMissing(claim)),
        Decision::Forbidden(Missing::Other) => Err(Error::NotEntitled),
        Decision::StepUp(step_up) => Err(Error::StepUpRequired(step_up)),
        Decision::Unavailable => Err(Error::SessionUnreadable),
    }
}
