//! Reads the person's claims again from the provider.

use crate::server_functions::{Outcome, RereadClaims as Reread, RereadRefusal};
use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::session::{SessionState, use_live};
use leptos_bff::{ActionForm, SignInLink};

/// The answer of the server function.
type Answer = Result<Outcome<SessionState, RereadRefusal>, Problem>;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Progress {
    Idle,
    Pending,
    Done,
    Refused(RereadRefusal),
    Failed,
}

/// A button that reads the claims again.
#[component]
pub(crate) fn RereadClaims(
    /// It outlives this component, which is drawn anew with the claims.
    action: ServerAction<Reread>,
    /// Where the outcome is announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    // A form posted without JavaScript comes back with the outcome in its address.
    let first = use_query("reread").map_or(Progress::Idle, |word| Progress::from_address(&word));
    let (pending, value, live) = (action.pending(), action.value(), use_live());
    let progress = Memo::new(move |_| {
        if pending.get() {
            return Progress::Pending;
        }
        value.with(|answer| answer.as_ref().map_or(first, Progress::after))
    });
    Effect::new(move |is_first: Option<()>| {
        let words = progress.get().words();
        if is_first.is_some() {
            announce.set(words.to_owned());
        }
    });
    Effect::new(move |_| {
        let state = value.with(|answer| answer.as_ref().and_then(state_after));
        if let Some(state) = state {
            live.learn(state);
        }
    });
    view! {
        <div class="reread">
            <ActionForm action>
                // Not `disabled`, which would take the focus away while the answer is awaited.
                <button class="button button-quiet" aria-disabled=move || pending.get().then_some("true")>
                    "Read my claims again"
                </button>
            </ActionForm>
            <p class="reread-outcome">
                {move || progress.get().words()}
                " "
                <Show when=move || progress.get() == Progress::Refused(RereadRefusal::SignInAgain)>
                    <SignInLink to="/profile" class="">
                        "Sign in again"
                    </SignInLink>
                </Show>
            </p>
        </div>
    }
}

impl Progress {
    fn from_address(word: &str) -> Self {
        match RereadRefusal::from_word(word) {
            Some(refusal) => Self::Refused(refusal),
            None if word == "done" => Self::Done,
            None => Self::Idle,
        }
    }

    fn after(answer: &Answer) -> Self {
        match answer {
            Ok(Outcome::Done(_)) => Self::Done,
            Ok(Outcome::Refusal(refusal)) => Self::Refused(*refusal),
            Err(_) => Self::Failed,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Idle => "",
            Self::Pending => "Asking the provider…",
            Self::Done => "Read again: these are the claims that the provider gives now.",
            Self::Refused(RereadRefusal::SessionEnded) => "Not read: the session has ended.",
            Self::Refused(RereadRefusal::SignInAgain) => "Not read: the provider wants you to sign in again first.",
            Self::Refused(RereadRefusal::NotOffered) => "Not read: this provider gives claims at sign-in only.",
            Self::Refused(RereadRefusal::Unavailable) => {
                "Not read: the provider is not answering just now. These are the claims from before."
            }
            Self::Failed => "Not read: the server did not answer as it should. Try once more.",
        }
    }
}

/// The session after an answer, if the answer says something about it.
fn state_after(answer: &Answer) -> Option<SessionState> {
    match answer {
        Ok(Outcome::Done(state)) => Some(state.clone()),
        Ok(Outcome::Refusal(RereadRefusal::SessionEnded)) => Some(SessionState::Anonymous),
        Ok(Outcome::Refusal(_)) => None,
        Err(problem) => SessionState::after(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, state_after};
    use crate::server_functions::{Outcome, RereadRefusal};
    use leptos_bff::problem::Problem;
    use leptos_bff::session::SessionState;

    fn problem(status: u16) -> Problem {
        Problem {
            status,
            ..Problem::default()
        }
    }

    #[test]
    fn every_outcome_has_a_word_in_the_address_and_a_sentence() {
        let refusals = RereadRefusal::ALL.map(|refusal| (Progress::Refused(refusal), refusal.word()));
        for (progress, word) in refusals.into_iter().chain([(Progress::Done, "done")]) {
            assert_eq!(Progress::from_address(word), progress);
            assert!(progress.words().ends_with('.'), "{word}");
        }
        assert_eq!(Progress::from_address("<script>"), Progress::Idle);
    }

    #[test]
    fn only_an_ended_session_takes_the_claims_off_the_page() {
        let refused = |refusal| state_after(&Ok(Outcome::Refusal(refusal)));
        assert_eq!(state_after(&Err(problem(401))), Some(SessionState::Anonymous));
        assert_eq!(refused(RereadRefusal::SessionEnded), Some(SessionState::Anonymous));
        assert_eq!(state_after(&Err(problem(503))), None);
        assert_eq!(refused(RereadRefusal::Unavailable), None);
        assert_eq!(
            state_after(&Ok(Outcome::Done(SessionState::Degraded(None)))),
            Some(SessionState::Degraded(None))
        );
    }
}
