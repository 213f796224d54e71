//! Ending sessions, and the result.

use crate::server_functions::{Outcome, SessionsRefusal};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
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

/// The message about the ending, and the session that the page belongs to.
#[derive(Clone, Copy)]
pub(super) struct Endings {
    said: RwSignal<Option<&'static str>>,
    live: Live,
}

impl Endings {
    /// Where it stands when the page opens: a form posted without JavaScript comes back with the
    /// outcome in its address, as `?ended=`.
    pub(super) fn new() -> Self {
        let ending = use_query("ended").and_then(|word| Ending::from_address(&word));
        Self {
            said: RwSignal::new(ending.map(Ending::words)),
            live: use_live(),
        }
    }

    /// The message; none before the first request.
    pub(super) fn words(self) -> Option<&'static str> {
        self.said.get()
    }

    /// Follows an action that ends `what`. The rows of `gone` are hidden once that is over.
    pub(super) fn follow(
        self,
        pending: Memo<bool>,
        value: impl With<Value = Option<Answer>> + 'static,
        what: Ending,
        gone: Vec<RwSignal<bool>>,
    ) {
        Effect::new(move |_| {
            if pending.get() {
                self.said.set(Some("Signing out…"));
            }
        });
        Effect::new(move |_| {
            value.with(|answer| {
                if let Some(answer) = answer {
                    self.take(answer, what, &gone);
                }
            });
        });
    }

    fn take(self, answer: &Answer, what: Ending, gone: &[RwSignal<bool>]) {
        let outcome = Ending::after(answer, what);
        self.said.set(Some(outcome.words()));
        if outcome.is_over() {
            for row in gone {
                row.set(true);
            }
            focus_list();
        }
        // Each other answer has told the session already.
        if let Ok(Outcome::Refusal(SessionsRefusal::SessionEnded)) = answer {
            self.live.learn(SessionState::Anonymous);
        }
    }
}

/// The button that had the focus is gone: the next Tab begins at the list's heading.
fn focus_list() {
    let heading = document().get_element_by_id("other-sessions");
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = heading.focus();
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
    use crate::server_functions::{Outcome, SessionsRefusal};
    use leptos_bff::problem::Problem;

    #[test]
    fn every_outcome_has_a_word_in_the_address_and_a_sentence() {
        let refusals = SessionsRefusal::ALL.map(|refusal| (Ending::Refused(refusal), refusal.word()));
        let done = [(Ending::One, "one"), (Ending::Others, "others")];
        for (ending, word) in refusals.into_iter().chain(done) {
            assert_eq!(Ending::from_address(word), Some(ending));
            assert!(ending.words().ends_with('.'), "{word}");
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
