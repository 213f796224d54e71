//! Ending sessions, and the result.

use super::shown::Shown;
use crate::components::Said;
use crate::server_functions::{Outcome, SessionsRefusal};
use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::session::{Live, SessionState, use_live};

/// The answer of a server function that ends sessions.
pub(super) type Answer = Result<Outcome<(), SessionsRefusal>, Problem>;

/// The result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ending {
    One,
    Others,
    Refused(SessionsRefusal),
    Failed,
}

/// The message about the ending, the list that it changes, and the session that the page belongs to.
#[derive(Clone, Copy)]
pub(super) struct Endings {
    said: RwSignal<Said>,
    shown: Shown,
    live: Live,
}

impl Endings {
    /// Where it stands when the page opens: a form posted without JavaScript comes back with the
    /// outcome in its address, as `?ended=`.
    pub(super) fn new(shown: Shown) -> Self {
        let ending = use_query("ended").and_then(|word| Ending::from_address(&word));
        Self {
            said: RwSignal::new(ending.map_or(Said::Nothing, Ending::said)),
            shown,
            live: use_live(),
        }
    }

    /// The message.
    pub(super) fn said(self) -> ReadSignal<Said> {
        self.said.read_only()
    }

    /// Follows an action that ends the session of this name; None: all others. They leave the list once they are over.
    pub(super) fn follow(
        self,
        pending: Memo<bool>,
        value: impl With<Value = Option<Answer>> + 'static,
        name: Option<String>,
    ) {
        Effect::new(move |_| {
            if pending.get() {
                self.said.set(Said::Done("Signing out…"));
            }
        });
        Effect::new(move |_| {
            value.with(|answer| {
                if let Some(answer) = answer {
                    self.take(answer, name.as_deref());
                }
            });
        });
    }

    fn take(self, answer: &Answer, name: Option<&str>) {
        let done = if name.is_some() { Ending::One } else { Ending::Others };
        let outcome = Ending::after(answer, done);
        self.said.set(outcome.said());
        if outcome.is_over() {
            self.shown.remove(name);
        }
        // Each other answer has told the session already.
        if let Ok(Outcome::Refusal(SessionsRefusal::SessionEnded)) = answer {
            self.live.learn(SessionState::Anonymous);
        }
    }
}

impl Ending {
    fn from_address(word: &str) -> Option<Self> {
        match word {
            "one" => Some(Self::One),
            "others" => Some(Self::Others),
            _ => SessionsRefusal::from_word(word).map(Self::Refused),
        }
    }

    fn after(answer: &Answer, done: Self) -> Self {
        match answer {
            Ok(Outcome::Done(())) => done,
            Ok(Outcome::Refusal(refusal)) => Self::Refused(*refusal),
            Err(_) => Self::Failed,
        }
    }

    /// Whether the session is gone.
    fn is_over(self) -> bool {
        matches!(
            self,
            Self::One | Self::Others | Self::Refused(SessionsRefusal::NotFound)
        )
    }

    fn said(self) -> Said {
        match self {
            Self::One | Self::Others | Self::Refused(SessionsRefusal::NotFound) => Said::Done(self.words()),
            Self::Refused(_) | Self::Failed => Said::Failed(self.words()),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::One => "That session is signed out.",
            Self::Others => "All other sessions are signed out.",
            Self::Refused(SessionsRefusal::SessionEnded) => "Nothing was signed out: this session itself has ended.",
            Self::Refused(SessionsRefusal::NotFound) => "That session had already ended.",
            Self::Refused(SessionsRefusal::ThisSession) => {
                "That is this session. To end it, use “Sign out” at the top of the page."
            }
            Self::Refused(SessionsRefusal::Unavailable) => {
                "Not signed out: sessions cannot be changed just now. Try again in a moment."
            }
            Self::Failed => {
                "Nobody knows whether it was signed out: the server did not answer as it should. Try again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ending;
    use crate::components::Said;
    use crate::server_functions::{Outcome, SessionsRefusal};
    use leptos_bff::problem::Problem;

    #[test]
    fn every_outcome_has_a_word_in_the_address_and_a_sentence() {
        let refusals = SessionsRefusal::ALL.map(|refusal| (Ending::Refused(refusal), refusal.word()));
        let done = [(Ending::One, "one"), (Ending::Others, "others")];
        for (ending, word) in refusals.into_iter().chain(done) {
            assert_eq!(Ending::from_address(word), Some(ending));
            assert!(ending.words().ends_with('.'), "{word}");
            // What did not come about does not look as if it had.
            assert_eq!(matches!(ending.said(), Said::Done(_)), ending.is_over(), "{word}");
        }
        assert_eq!(Ending::from_address("<script>"), None);
    }

    #[test]
    fn a_row_goes_only_once_its_session_is_known_to_be_over() {
        let after = |answer| Ending::after(&answer, Ending::One).is_over();
        assert!(after(Ok(Outcome::Done(()))));
        for refusal in SessionsRefusal::ALL {
            let is_over = after(Ok(Outcome::Refusal(refusal)));
            assert_eq!(is_over, refusal == SessionsRefusal::NotFound, "{refusal:?}");
        }
        assert!(!after(Err(Problem {
            status: 503,
            ..Problem::default()
        })));
    }
}
