//! The next events of a stream, by those that it has sent.

use crate::middleware::session_state;
use bff_contract::session::SessionState;
use bff_session::store::{Change, Heard, SessionEvent, StoreError};
use bff_session::{ASK_AGAIN, Known, Lifetime, LiveSession};
use time::{Duration, OffsetDateTime};

/// The events to send now, in this order, and the time to look again. `None`: the session has ended, and no event follows.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Update {
    pub(super) events: Vec<(&'static str, SessionState)>,
    pub(super) look_at: Option<OffsetDateTime>,
}

/// The browser's knowledge, by the events that it was sent.
#[derive(Debug)]
enum Before {
    Nothing,
    Degraded,
    Session { session: LiveSession, is_expiring: bool },
}

/// The account that is given to one browser.
#[derive(Debug)]
pub(super) struct Updates {
    lifetime: Lifetime,
    before: Before,
}

impl Updates {
    pub(super) fn new(lifetime: Lifetime) -> Self {
        Self {
            lifetime,
            before: Before::Nothing,
        }
    }

    /// The update for the record that was found and the events that came before.
    pub(super) fn after(&mut self, found: &Result<Known, StoreError>, heard: Heard, now: OffsetDateTime) -> Update {
        match found {
            Ok(Known::Live(session)) => self.live(session, heard, now),
            Ok(Known::Ended(reason)) => over(SessionState::Ended { reason: *reason }),
            Ok(Known::Nothing) => over(SessionState::Anonymous),
            Err(error) => {
                let is_told = !matches!(self.before, Before::Degraded);
                if is_told {
                    tracing::debug!(code = error.code(), "a stream's session cannot be read");
                }
                self.before = Before::Degraded;
                Update {
                    events: is_told
                        .then_some(("degraded", SessionState::Degraded(None)))
                        .into_iter()
                        .collect(),
                    look_at: Some(now + ASK_AGAIN),
                }
            }
        }
    }

    fn live(&mut self, session: &LiveSession, heard: Heard, now: OffsetDateTime) -> Update {
        let state = session_state(session, self.lifetime, now);
        let is_expiring = matches!(state, SessionState::Expiring(_));
        let names = self.names(session, is_expiring, heard);
        self.before = Before::Session {
            session: session.clone(),
            is_expiring,
        };
        let look_at = if is_expiring {
            self.lifetime.ends_at(session)
        } else {
            self.lifetime.warning_at(session)
        };
        Update {
            events: names.into_iter().map(|name| (name, state.clone())).collect(),
            // Clocks that are not quite of one mind must not make it look again and again.
            look_at: Some(look_at.max(now + Duration::SECOND)),
        }
    }

    fn names(&self, session: &LiveSession, is_expiring: bool, heard: Heard) -> Vec<&'static str> {
        let Before::Session {
            session: before,
            is_expiring: was_expiring,
        } = &self.before
        else {
            return vec!["state"];
        };
        // Missed events show in the record, except a refresh that changed nothing in it.
        if heard.has(SessionEvent::Missed) && **before != **session {
            return vec!["state"];
        }
        let is_other = (&before.claims, &before.roles) != (&session.claims, &session.roles);
        let changes = [
            ("claims", is_other),
            ("refreshed", heard.has(SessionEvent::Changed(Change::Refreshed))),
            ("extended", *was_expiring && !is_expiring),
            ("expiring", !was_expiring && is_expiring),
        ];
        changes
            .into_iter()
            .filter_map(|(name, is_so)| is_so.then_some(name))
            .collect()
    }
}

fn over(state: SessionState) -> Update {
    Update {
        events: vec![("ended", state)],
        look_at: None,
    }
}
