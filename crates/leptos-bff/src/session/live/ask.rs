//! Asking the server for the session's state.

use super::this_tab::this_tab;
use super::{Live, Told, tabs};
use crate::fetch::{get_text, post_form};
use crate::problem::Problem;
use crate::session::SessionState;
use bff_contract::paths::SESSION;
use leptos::task::spawn_local;

impl Live {
    /// There is reason to think that the state has changed.
    pub fn ask(self) {
        if tabs::leads() {
            self.look();
        } else {
            tabs::ask_leader();
        }
    }

    /// Asks the server, which does not extend the session.
    pub fn look(self) {
        self.look_or(None);
    }

    /// Asks the server. If it does not answer, `otherwise` is the state.
    pub(super) fn look_or(self, otherwise: Option<Told>) {
        let asks = this_tab(|tab| {
            // The answer that is on its way may be older than the reason to ask.
            tab.events += 1;
            std::mem::replace(&mut tab.asks, true)
        });
        if asks {
            return;
        }
        spawn_local(async move {
            loop {
                let events = this_tab(|tab| tab.events);
                let answer = told().await;
                // An event that came while the answer was on its way may be newer than the answer.
                if events == this_tab(|tab| tab.events) {
                    this_tab(|tab| tab.asks = false);
                    return self.hear(answer.unwrap_or_else(|_| otherwise.unwrap_or_else(Told::nothing)));
                }
            }
        });
    }

    /// Asks the server to count this as activity.
    ///
    /// # Errors
    ///
    /// Why it did not: the server's problem, or one with status 0 if no answer came.
    pub async fn extend(self) -> Result<(), Problem> {
        let extended = extension().await;
        match &extended {
            Ok(state) => self.learn(state.clone()),
            Err(problem) => self.learn_from(problem),
        }
        extended.map(drop)
    }
}

/// The state, which is not extended by asking.
async fn told() -> Result<Told, Problem> {
    let json = get_text(SESSION).await?;
    Told::read(json).ok_or_else(Problem::unreadable)
}

/// The state after the session was extended.
async fn extension() -> Result<SessionState, Problem> {
    post_form(SESSION, "").await
}
