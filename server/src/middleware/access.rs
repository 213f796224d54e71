//! Who may open which path: the access table of the `app` crate, asked before anything is
//! rendered or run. A path that the table does not name needs a session (invariant 2).

use crate::error::Error;
use app::access::{Decision, decide, rule};
use app::session::SessionState;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

pub(crate) async fn access(request: Request, next: Next) -> Result<Response, Error> {
    let session = request
        .extensions()
        .get::<Arc<SessionState>>()
        .cloned()
        .unwrap_or_default();
    match decide(rule(request.uri().path()), &session) {
        Decision::Allow => Ok(next.run(request).await),
        Decision::SignIn => Err(Error::SignInRequired),
        Decision::SessionEnded(reason) => Err(Error::SessionEnded(reason)),
        Decision::Forbidden(role) => Err(Error::RoleMissing(role)),
        Decision::Unavailable => Err(Error::SessionUnreadable),
    }
}
