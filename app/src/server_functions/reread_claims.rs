//! Reading the claims again from the provider.

use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use leptos_bff::session::SessionState;
use serde::{Deserialize, Serialize};

/// Why the claims could not be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RereadRefusal {
    /// The session has ended meanwhile.
    SessionEnded,
    /// The provider no longer accepts the access token: sign in again to get a new one.
    SignInAgain,
    /// This provider has no userinfo endpoint, or it is switched off.
    NotOffered,
    /// The provider or the session store did not answer as it should; later may work.
    Unavailable,
}

impl RereadRefusal {
    /// Every refusal.
    pub const ALL: [Self; 4] = [
        Self::SessionEnded,
        Self::SignInAgain,
        Self::NotOffered,
        Self::Unavailable,
    ];

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
            Self::SignInAgain => "sign_in_again",
            Self::NotOffered => "not_offered",
            Self::Unavailable => "unavailable",
        }
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

/// The result of reading the claims again: the session with the new claims, or a refusal. As JSON
/// the session's state as it is, or `{"refusal": ..}` with the word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RereadOutcome {
    /// They were not read.
    Refused {
        /// Why.
        refusal: RereadRefusal,
    },
    /// The session with the claims as they are now.
    Read(SessionState),
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
pub async fn reread_claims() -> Result<RereadOutcome, Problem> {
    let outcome = super::session()?.reread_claims().await.map_err(RereadRefusal::from);
    let word = outcome.as_ref().map_or_else(|refusal| refusal.word(), |_| "done");
    super::answer_a_plain_form(&format!("/profile?reread={word}"));
    Ok(outcome.map_or_else(|refusal| RereadOutcome::Refused { refusal }, RereadOutcome::Read))
}

#[cfg(test)]
mod tests {
    use super::{RereadOutcome, RereadRefusal};
    use leptos_bff::session::SessionState;
    use serde_json::json;

    #[test]
    fn an_outcome_is_the_state_or_the_word_of_a_refusal() {
        let state = json!({"status": "anonymous"});
        let read = RereadOutcome::Read(SessionState::Anonymous);
        assert_eq!(serde_json::to_value(&read).expect("writes"), state);
        assert_eq!(serde_json::from_value::<RereadOutcome>(state).expect("reads"), read);
        for refusal in RereadRefusal::ALL {
            let json = json!({"refusal": refusal.word()});
            let refused = RereadOutcome::Refused { refusal };
            assert_eq!(serde_json::to_value(&refused).expect("writes"), json);
            assert_eq!(serde_json::from_value::<RereadOutcome>(json).expect("reads"), refused);
        }
        assert!(serde_json::from_value::<RereadOutcome>(json!({"refusal": "other"})).is_err());
    }
}
