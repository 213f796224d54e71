//! Reading the claims again from the provider.

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use leptos_bff::session::SessionState;

refusals! {
    /// Why the claims could not be read again.
    RereadRefusal {
        /// The session has ended meanwhile.
        SessionEnded = "session_ended",
        /// The provider no longer accepts the access token: sign in again to get a new one.
        SignInAgain = "sign_in_again",
        /// This provider has no userinfo endpoint, or it is switched off.
        NotOffered = "not_offered",
        /// The provider or the session store did not answer as it should; later may work.
        Unavailable = "unavailable",
    }
}

#[cfg(feature = "ssr")]
impl From<axum_bff::RereadError> for RereadRefusal {
    fn from(error: axum_bff::RereadError) -> Self {
        use axum_bff::RereadError;
        match error {
            RereadError::SessionEnded => Self::SessionEnded,
            RereadError::SignInAgain => Self::SignInAgain,
            RereadError::NotOffered => Self::NotOffered,
            RereadError::Unavailable => Self::Unavailable,
        }
    }
}

/// Reads the person's claims again from the provider and returns the session with them.
///
/// A form posted without JavaScript is answered with a redirect to `/profile?reread=` and the
/// outcome: `done`, or the word of the refusal.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. A refusal by the provider or the session is a [`RereadRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "reread_claims", client = SessionClient)]
pub async fn reread_claims() -> Result<Outcome<SessionState, RereadRefusal>, Problem> {
    let outcome = super::session()?.reread_claims().await.map_err(RereadRefusal::from);
    let word = outcome.as_ref().map_or_else(|refusal| refusal.word(), |_| "done");
    super::answer_a_plain_form(&format!("/profile?reread={word}"));
    Ok(outcome.into())
}
