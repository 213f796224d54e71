//! Calls that wait for their person.
//!
//! A change that somebody made is not lost because their session ended meanwhile: the call that was
//! refused waits, the person signs in again in another window, and the call is made once more.

use super::{Live, SessionState, use_live};
use crate::fetch::post_form;
use crate::problem::Problem;
use leptos::prelude::*;
use serde_json::Value;

/// How many calls wait in this tab.
#[derive(Clone, Copy)]
struct Waiting(RwSignal<usize>);

/// Where a page makes its calls to server functions.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    live: Live,
    waiting: RwSignal<usize>,
}

/// Counts the calls that wait, for everything inside.
pub(super) fn provide_waiting() {
    provide_context(Waiting(RwSignal::new(0)));
}

/// How many calls wait for the person to sign in again.
///
/// # Panics
///
/// Without [`provide_session`](super::provide_session).
#[must_use]
pub fn use_waiting() -> ReadSignal<usize> {
    expect_context::<Waiting>().0.read_only()
}

/// Calls that wait, where the session has ended, until the same person is signed in again.
///
/// # Panics
///
/// Without [`provide_session`](super::provide_session).
#[must_use]
pub fn use_calls() -> Calls {
    Calls {
        live: use_live(),
        waiting: expect_context::<Waiting>().0,
    }
}

impl Calls {
    /// What a server function answers to a form. Refused for lack of a session, it is asked once
    /// more as soon as the same person is signed in again; until then this does not return.
    ///
    /// # Errors
    ///
    /// The server's problem, or one with status 0 where no answer came: `offline` or `unreachable`.
    /// The first refusal where somebody else signs in.
    pub async fn post_form(self, address: &str, form: &str) -> Result<Value, Problem> {
        let person = self.live.person();
        let answer = post_form(address, form).await;
        let refusal = answer.as_ref().err().and_then(SessionState::after);
        let (Some(state), Some(person)) = (refusal, person) else {
            return answer;
        };
        self.waiting.update(|waiting| *waiting += 1);
        self.live.learn(state);
        let somebody = self.live.somebody().await;
        self.waiting.update(|waiting| *waiting -= 1);
        if somebody.as_deref() == Some(&person) {
            post_form(address, form).await
        } else {
            answer
        }
    }
}
