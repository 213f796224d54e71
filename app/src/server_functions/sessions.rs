//! This person's sessions: which there are, and ending them.

mod list;
mod summary;

pub use list::SessionList;
pub use summary::SessionSummary;

use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// Why sessions were not listed or not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionsRefusal {
    /// The session that asks has ended meanwhile.
    SessionEnded,
    /// This person has no such session, or has none any more.
    NotFound,
    /// It is the session that asks: signing out ends that one.
    ThisSession,
    /// The session store did not answer as it should; later may work.
    Unavailable,
}

impl SessionsRefusal {
    /// Every refusal.
    pub const ALL: [Self; 4] = [Self::SessionEnded, Self::NotFound, Self::ThisSession, Self::Unavailable];

    /// The refusal that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.word() == word)
    }

    /// The word that stands for it in JSON and in a page's address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::NotFound => "not_found",
            Self::ThisSession => "this_session",
            Self::Unavailable => "unavailable",
        }
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

/// The list of sessions: as JSON `{"sessions": [..], "others": 1, "page": 1, "pages": 1}`, the newest
/// first, or `{"refusal": ..}` with the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SessionsOutcome {
    /// They are listed.
    Listed(SessionList),
    /// They are not.
    Refused {
        /// Why.
        refusal: SessionsRefusal,
    },
}

/// The result of ending sessions: as JSON `{"ended": true}`, or `{"refusal": ..}` with the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the member of the JSON")]
pub enum EndOutcome {
    Ended(bool),
    Refusal(SessionsRefusal),
}

/// A page of the person's sessions.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. A failure of the session store is a [`SessionsRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "list_sessions", client = SessionClient)]
pub async fn list_sessions(
    /// Counted from 1, which is also the default.
    #[server(default)]
    page: Option<u32>,
) -> Result<SessionsOutcome, Problem> {
    let page = super::session()?.sessions_of_person(page.unwrap_or(1)).await;
    let refused = |_| SessionsOutcome::Refused {
        refusal: SessionsRefusal::Unavailable,
    };
    Ok(page.map_or_else(refused, |page| SessionsOutcome::Listed(page.into())))
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
) -> Result<EndOutcome, Problem> {
    let outcome = super::session()?.end_other(&name).await.map_err(SessionsRefusal::from);
    answer_a_plain_form(outcome, "one");
    Ok(outcome.map_or_else(EndOutcome::Refusal, |()| EndOutcome::Ended(true)))
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
pub async fn end_other_sessions() -> Result<EndOutcome, Problem> {
    let ended = super::session()?.end_others().await;
    let outcome = ended.map_err(|_| SessionsRefusal::Unavailable);
    answer_a_plain_form(outcome, "others");
    Ok(outcome.map_or_else(EndOutcome::Refusal, |()| EndOutcome::Ended(true)))
}

#[cfg(feature = "ssr")]
fn answer_a_plain_form(outcome: Result<(), SessionsRefusal>, done: &'static str) {
    let word = outcome.map_or_else(SessionsRefusal::word, |()| done);
    super::answer_a_plain_form(&format!("/sessions?ended={word}"));
}

#[cfg(test)]
mod tests;
