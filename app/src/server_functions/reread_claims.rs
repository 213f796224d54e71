//! Reading the claims again from the provider.

use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::session::{NotASessionState, SessionState};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why the claims could not be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What came of reading the claims again: the session with the new claims, or why not. As JSON
/// the session's state as it is, or `{"refusal": ..}` with the word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct RereadOutcome(pub Result<SessionState, RereadRefusal>);

impl From<RereadOutcome> for Value {
    fn from(RereadOutcome(outcome): RereadOutcome) -> Self {
        match outcome {
            // The state's JSON has string keys only: writing it to a value cannot fail.
            Ok(state) => serde_json::to_value(state).unwrap_or_default(),
            Err(refusal) => serde_json::json!({"refusal": refusal.word()}),
        }
    }
}

impl TryFrom<Value> for RereadOutcome {
    type Error = NotASessionState;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        let refusal = json
            .get("refusal")
            .and_then(Value::as_str)
            .and_then(RereadRefusal::from_word);
        Ok(Self(match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(SessionState::try_from(json)?),
        }))
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
/// session. What the provider or the session refuses is a [`RereadRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "reread_claims")]
pub async fn reread_claims() -> Result<RereadOutcome, Problem> {
    let session = expect_context::<std::sync::Arc<dyn super::CurrentSession>>();
    let outcome = session.reread_claims().await;
    let word = outcome.as_ref().map_or_else(|refusal| refusal.word(), |_| "done");
    super::answer_a_plain_form(&format!("/profile?reread={word}"));
    Ok(RereadOutcome(outcome))
}

#[cfg(test)]
mod tests {
    use super::{RereadOutcome, RereadRefusal};
    use leptos_bff::session::SessionState;

    #[test]
    fn an_outcome_that_is_written_is_read_again() {
        let refusals = RereadRefusal::ALL.map(Err);
        for outcome in refusals.into_iter().chain([Ok(SessionState::Anonymous)]) {
            let json = serde_json::to_string(&RereadOutcome(outcome.clone())).expect("writes");
            let read: RereadOutcome = serde_json::from_str(&json).expect(&json);
            assert_eq!(read, RereadOutcome(outcome));
        }
    }

    #[test]
    fn an_outcome_that_nobody_writes_is_not_read() {
        for json in [
            "null",
            "{}",
            r#"{"refusal":"other"}"#,
            r#"{"Ok":{"status":"anonymous"}}"#,
        ] {
            assert!(serde_json::from_str::<RereadOutcome>(json).is_err(), "{json}");
        }
    }
}
