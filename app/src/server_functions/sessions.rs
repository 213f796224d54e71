//! This person's sessions: which there are, and ending them.

mod list;
mod summary;

pub use list::SessionList;
pub use summary::SessionSummary;

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{SessionClient, UnattendedClient};

refusals! {
    /// Why sessions were not listed or not ended.
    SessionsRefusal {
        /// The session that asks has ended meanwhile.
        SessionEnded = "session_ended",
        /// This person has no such session, or has none any more.
        NotFound = "not_found",
        /// It is the session that asks: signing out ends that one.
        ThisSession = "this_session",
        /// The session store did not answer as it should; later may work.
        Unavailable = "unavailable",
    }
}

#[cfg(feature = "ssr")]
impl From<axum_bff::EndOtherError> for SessionsRefusal {
    fn from(error: axum_bff::EndOtherError) -> Self {
        use axum_bff::EndOtherError;
        match error {
            EndOtherError::This => Self::ThisSession,
            EndOtherError::NotFound => Self::NotFound,
            EndOtherError::Store(_) => Self::Unavailable,
        }
    }
}

/// A page of the person's sessions. The page that shows them calls it by itself when they change: that is no activity.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. A failure of the session store is a [`SessionsRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "list_sessions", client = UnattendedClient)]
pub async fn list_sessions(
    /// Counted from 1, which is also the default.
    #[server(default)]
    page: Option<u32>,
) -> Result<Outcome<SessionList, SessionsRefusal>, Problem> {
    let page = super::session()?.sessions_of_person(page.unwrap_or(1)).await;
    let listed = page.map(SessionList::from).map_err(|_| SessionsRefusal::Unavailable);
    Ok(listed.into())
}

/// Ends another of the person's sessions.
///
/// A form posted without JavaScript is answered with a redirect to `/sessions?ended=` and the
/// outcome: `one`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_sessions`].
#[server(prefix = "/_fn", endpoint = "end_session", client = SessionClient)]
pub async fn end_session(
    /// The session's [`SessionSummary::name`].
    name: String,
) -> Result<Outcome<(), SessionsRefusal>, Problem> {
    let outcome = super::session()?.end_other(&name).await.map_err(SessionsRefusal::from);
    answer_a_plain_form(outcome, "one");
    Ok(outcome.into())
}

/// Ends all of the person's sessions but this one.
///
/// A form posted without JavaScript is answered with a redirect to `/sessions?ended=` and the
/// outcome: `others`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_sessions`].
#[server(prefix = "/_fn", endpoint = "end_other_sessions", client = SessionClient)]
pub async fn end_other_sessions() -> Result<Outcome<(), SessionsRefusal>, Problem> {
    let ended = super::session()?.end_others().await;
    let outcome = ended.map_err(|_| SessionsRefusal::Unavailable);
    answer_a_plain_form(outcome, "others");
    Ok(outcome.into())
}

#[cfg(feature = "ssr")]
fn answer_a_plain_form(outcome: Result<(), SessionsRefusal>, done: &'static str) {
    let word = outcome.map_or_else(SessionsRefusal::word, |()| done);
    super::answer_a_plain_form(&format!("/sessions?ended={word}"));
}
