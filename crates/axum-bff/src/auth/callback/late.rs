//! The answer to a login that cannot be finished any more: the back button, a reload, a second tab on the same address, a
//! sign-in page that was left open over lunch (invariant 8).
//!
//! It is this browser's own login, so that nobody is misled by going on: who is signed in goes to the page, and for
//! anybody else the login begins anew, once. The provider's refusal is told and not asked for again.

use crate::auth::expected::{self, Expected};
use crate::auth::login;
use crate::bff::Bff;
use crate::error::{Error, Failure};
use crate::login_transaction::{LoginBinding, LoginTransactionError, PersonDigest};
use crate::response::see_other;
use crate::return_to::ReturnTo;
use axum::response::Response;
use bff_session::{Known, SessionId};

/// An answer that comes too late.
pub(super) struct Late {
    /// Where the person wanted to go.
    pub(super) return_to: ReturnTo,
    /// Whether the login may begin anew: the provider has not refused it, and it has not begun anew before.
    pub(super) may_restart: bool,
    /// Who has to come back.
    pub(super) expected: Option<PersonDigest>,
    /// Why it can no longer be finished.
    pub(super) why: LoginTransactionError,
}

pub(super) async fn resolve(
    state: &Bff,
    binding: &LoginBinding,
    session: Option<SessionId>,
    late: Late,
) -> Result<Response, Error> {
    let return_to = &late.return_to;
    if let Some(id) = session
        && let Known::Live(live) = state.sessions.load(&id).await?
    {
        let is_another = |person| person != expected::person(&live.identity);
        // The page was got ready for the person of the step-up.
        if late.expected.is_some_and(is_another) {
            return Err(Error::AnotherPerson);
        }
        return Ok(see_other(return_to.as_str()));
    }
    if !late.may_restart {
        return Err(late.why.into());
    }
    tracing::info!(code = late.why.log_code(), "a login that came too late begins anew");
    login::begin(state, binding, return_to, Expected::again(late.expected), true).await
}
