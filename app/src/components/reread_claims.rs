//! Asking the provider again who the person is.

use crate::server_functions::{RereadClaims as Reread, RereadOutcome, RereadRefusal};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_bff::erased::{dynamic, erased};
use leptos_bff::fetch::post_form;
use leptos_bff::navigation::use_query;
use leptos_bff::problem::Problem;
use leptos_bff::session::{SessionState, use_live};
use leptos_bff::sign_in::sign_in_href;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Progress {
    Idle,
    Pending,
    Done,
    Refused(RereadRefusal),
    Failed,
}

/// Where it stands when the page opens: a form posted without JavaScript comes back with the
/// outcome in its address, as `?reread=`.
pub(crate) fn use_progress() -> RwSignal<Progress> {
    let word = use_query("reread");
    RwSignal::new(word.map_or(Progress::Idle, |word| Progress::from_address(&word)))
}

/// A button that reads the claims again.
#[component]
pub(crate) fn RereadClaims(
    /// From [`use_progress`]; outlives this component, which is drawn anew with the claims.
    progress: RwSignal<Progress>,
) -> impl IntoView {
    let live = use_live();
    let ask = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if progress.get_untracked() == Progress::Pending {
            return;
        }
        progress.set(Progress::Pending);
        spawn_local(async move {
            let answer = post_form(Reread::url(), "")
                .await
                .and_then(|json| RereadOutcome::try_from(json).map_err(|_| Problem::unreadable()));
            // The page may have been left meanwhile; the session is the whole application's.
            progress.try_set(Progress::after(&answer));
            if let Some(state) = state_after(answer) {
                live.learn(state);
            }
        });
    };
    view! {
        <div class="reread">
            <form method="post" action=Reread::url() on:submit=ask>
                // Not `disabled`, which would take the focus away while the answer is awaited.
                <button
                    class="button button-quiet"
                    aria-disabled=dynamic(move || (progress.get() == Progress::Pending).then_some("true"))
                >
                    "Read my claims again"
                </button>
            </form>
            <p class="reread-outcome" role="status">
                {dynamic(move || progress.get().words())}
                " "
                {dynamic(move || {
                    let sign_in = progress.get() == Progress::Refused(RereadRefusal::SignInAgain);
                    sign_in
                        .then(|| {
                            erased(view! {
                                <a rel="external" href=sign_in_href("/profile")>
                                    "Sign in again"
                                </a>
                            })
                        })
                })}
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

    fn after(answer: &Result<RereadOutcome, Problem>) -> Self {
        match answer {
            Ok(RereadOutcome(Ok(_))) => Self::Done,
            Ok(RereadOutcome(Err(refusal))) => Self::Refused(*refusal),
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
fn state_after(answer: Result<RereadOutcome, Problem>) -> Option<SessionState> {
    match answer {
        Ok(RereadOutcome(Ok(state))) => Some(state),
        Ok(RereadOutcome(Err(RereadRefusal::SessionEnded))) => Some(SessionState::Anonymous),
        Ok(RereadOutcome(Err(_))) => None,
        Err(problem) => SessionState::after(&problem),
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, state_after};
    use crate::server_functions::{RereadOutcome, RereadRefusal};
    use leptos_bff::problem::Problem;
    use leptos_bff::session::SessionState;

    fn problem(status: u16) -> Problem {
        Problem {
            status,
            code: String::new(),
            reference: String::new(),
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
        assert_eq!(state_after(Err(problem(401))), Some(SessionState::Anonymous));
        assert_eq!(
            state_after(Ok(RereadOutcome(Err(RereadRefusal::SessionEnded)))),
            Some(SessionState::Anonymous)
        );
        assert_eq!(state_after(Err(problem(503))), None);
        assert_eq!(state_after(Ok(RereadOutcome(Err(RereadRefusal::Unavailable)))), None);
        assert_eq!(
            state_after(Ok(RereadOutcome(Ok(SessionState::Degraded(None))))),
            Some(SessionState::Degraded(None))
        );
    }
}
