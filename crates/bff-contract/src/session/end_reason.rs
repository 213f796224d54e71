//! Why a session ended, as the server remembers it for the person's next visit.

use crate::problem::Code;
use serde::Serialize;

/// Why a session ended. In JSON and in a page's address it is its [word](EndReason::word).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Nothing was asked of the server for too long.
    Idle,
    /// The session's absolute limit was reached.
    Limit,
    /// The person signed out in this browser.
    SignedOut,
    /// The person ended it from another of their sessions.
    Elsewhere,
    /// The person signed out at the provider, or somebody did it there for them.
    Provider,
    /// The person signed in so often that this, the oldest session, had to go.
    TooMany,
    /// The provider no longer renews the session's tokens.
    RefreshRefused,
    /// A renewal of the tokens broke off, and its result is unknown.
    RefreshInterrupted,
    /// The application refused the person, when it was told of other claims.
    Application,
    /// An administrator of this application ended it.
    Administrator,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::Idle,
        Self::Limit,
        Self::SignedOut,
        Self::Elsewhere,
        Self::Provider,
        Self::TooMany,
        Self::RefreshRefused,
        Self::RefreshInterrupted,
        Self::Application,
        Self::Administrator,
    ];

    /// The reason that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// The word that stands for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Limit => "limit",
            Self::SignedOut => "signed_out",
            Self::Elsewhere => "elsewhere",
            Self::Provider => "provider",
            Self::TooMany => "too_many",
            Self::RefreshRefused => "refresh_refused",
            Self::RefreshInterrupted => "refresh_interrupted",
            Self::Application => "application",
            Self::Administrator => "administrator",
        }
    }

    /// The code of a [`Problem`](crate::problem::Problem) that came of it: `session_ended_` and
    /// the word.
    #[must_use]
    pub const fn problem_code(self) -> Code {
        match self {
            Self::Idle => Code::SessionEndedIdle,
            Self::Limit => Code::SessionEndedLimit,
            Self::SignedOut => Code::SessionEndedSignedOut,
            Self::Elsewhere => Code::SessionEndedElsewhere,
            Self::Provider => Code::SessionEndedProvider,
            Self::TooMany => Code::SessionEndedTooMany,
            Self::RefreshRefused => Code::SessionEndedRefreshRefused,
            Self::RefreshInterrupted => Code::SessionEndedRefreshInterrupted,
            Self::Application => Code::SessionEndedApplication,
            Self::Administrator => Code::SessionEndedAdministrator,
        }
    }

    /// The reason that a problem's code tells, if it tells one.
    #[must_use]
    pub fn from_problem_code(code: &str) -> Option<Self> {
        Self::from_word(code.strip_prefix("session_ended_")?)
    }
}

#[cfg(test)]
mod tests {
    use super::EndReason;

    #[test]
    fn every_reason_is_found_by_its_word_and_by_its_code() {
        for reason in EndReason::ALL {
            let (word, code) = (reason.word(), reason.problem_code().as_str());
            assert_eq!(code, format!("session_ended_{word}"));
            assert_eq!(EndReason::from_word(word), Some(reason));
            assert_eq!(EndReason::from_problem_code(code), Some(reason));
            assert_eq!(serde_json::to_value(reason).expect("writes"), word);
        }
        for other in ["", "Idle", "session_ended_idle"] {
            assert_eq!(EndReason::from_word(other), None, "{other}");
        }
        for other in ["", "idle", "session_ended_", "session_ended_other"] {
            assert_eq!(EndReason::from_problem_code(other), None, "{other}");
        }
    }
}
