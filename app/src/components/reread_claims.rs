//! Asking the provider again who the person is.

use crate::problem::Problem;
use crate::server_functions::{RereadClaims as Reread, RereadRefusal};
use crate::session::{SessionState, use_session};
use crate::sign_in::sign_in_href;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What came of it.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Done,
    Refused(RereadRefusal),
    Failed,
}

/// A button that reads the claims again. Without JavaScript the form is posted, and the page comes
/// back with the outcome in its address.
#[component]
pub(crate) fn RereadClaims() -> impl IntoView {
    let session = use_session();
    let action = ServerAction::<Reread>::new();
    let (answer, version, pending) = (action.value(), action.version(), action.pending());
    let from_address = use_query_map().with_untracked(|query| query.get_str("reread").and_then(outcome_from_address));

    Effect::new(move |_| {
        answer.with(|answer| {
            // Version 0 is an answer out of the page's address: anybody could have written it.
            if version.get_untracked() > 0
                && let Some(state) = answer.as_ref().and_then(new_state)
            {
                session.set(state);
            }
        });
    });
    let outcome = Memo::new(move |_| {
        answer.with(|answer| match answer {
            None => from_address,
            Some(Ok(Ok(_))) => Some(Outcome::Done),
            Some(Ok(Err(refusal))) => Some(Outcome::Refused(*refusal)),
            Some(Err(_)) => Some(Outcome::Failed),
        })
    });
    view! {
        <div class="reread">
            <ActionForm action>
                // Not `disabled`, which would take the focus away while the answer is awaited.
                <button
                    class="button button-quiet"
                    aria-disabled=move || pending.get().then_some("true")
                    on:click=move |event| {
                        if pending.get_untracked() {
                            event.prevent_default();
                        }
                    }
                >
                    "Read my claims again"
                </button>
            </ActionForm>
            <p class="reread-outcome" role="status">
                {move || {
                    if pending.get() {
                        "Asking the provider…"
                    } else {
                        outcome.get().map_or("", outcome_in_words)
                    }
                }}
                " "
                <Show when=move || {
                    !pending.get() && outcome.get() == Some(Outcome::Refused(RereadRefusal::SignInAgain))
                }>
                    <a rel="external" href=sign_in_href("/profile")>
                        "Sign in again"
                    </a>
                </Show>
            </p>
        </div>
    }
}

/// The session after an answer, if the answer says something about it.
fn new_state(answer: &Result<Result<SessionState, RereadRefusal>, Problem>) -> Option<SessionState> {
    match answer {
        Ok(Ok(state)) => Some(state.clone()),
        Ok(Err(RereadRefusal::SessionEnded)) => Some(SessionState::Anonymous),
        Err(problem) if problem.status == 401 => Some(SessionState::Anonymous),
        Ok(Err(_)) | Err(_) => None,
    }
}

fn outcome_from_address(word: &str) -> Option<Outcome> {
    if word == "done" {
        return Some(Outcome::Done);
    }
    let mut refusals = RereadRefusal::ALL.iter();
    refusals.find_map(|(refusal, listed)| (*listed == word).then_some(Outcome::Refused(*refusal)))
}

fn outcome_in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "Read again: these are the claims that the provider gives now.",
        Outcome::Refused(RereadRefusal::SessionEnded) => "Not read: the session has ended.",
        Outcome::Refused(RereadRefusal::SignInAgain) => "Not read: the provider wants you to sign in again first.",
        Outcome::Refused(RereadRefusal::NotOffered) => "Not read: this provider gives claims at sign-in only.",
        Outcome::Refused(RereadRefusal::Unavailable) => {
            "Not read: the provider is not answering just now. These are the claims from before."
        }
        Outcome::Failed => "Not read: the server did not answer as it should. Try once more.",
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, new_state, outcome_from_address, outcome_in_words};
    use crate::problem::Problem;
    use crate::server_functions::RereadRefusal;
    use crate::session::SessionState;

    fn problem(status: u16) -> Problem {
        Problem {
            status,
            code: String::new(),
            reference: String::new(),
        }
    }

    #[test]
    fn every_outcome_has_a_word_in_the_address_and_a_sentence() {
        let refusals = RereadRefusal::ALL.map(|(refusal, word)| (Outcome::Refused(refusal), word));
        for (outcome, word) in refusals.into_iter().chain([(Outcome::Done, "done")]) {
            assert!(outcome_from_address(word) == Some(outcome), "{word}");
            assert!(outcome_in_words(outcome).ends_with('.'), "{word}");
        }
        assert!(outcome_from_address("<script>").is_none());
    }

    #[test]
    fn only_an_ended_session_takes_the_claims_off_the_page() {
        assert_eq!(new_state(&Err(problem(401))), Some(SessionState::Anonymous));
        assert_eq!(
            new_state(&Ok(Err(RereadRefusal::SessionEnded))),
            Some(SessionState::Anonymous)
        );
        assert_eq!(new_state(&Err(problem(503))), None);
        assert_eq!(new_state(&Ok(Err(RereadRefusal::Unavailable))), None);
        assert_eq!(
            new_state(&Ok(Ok(SessionState::Unavailable))),
            Some(SessionState::Unavailable)
        );
    }
}
