//! Lets a stream, which outlives its request, follow a session: it waits for events, and reads the store. Neither counts as
//! activity.

use super::index::IndexKey;
use super::store::{Change, Heard, Listener, SessionEvent, StoreError};
use super::{Identity, Known, SessionId, Sessions};
use futures::future;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

/// The wait before the next attempt when the store does not answer.
pub const ASK_AGAIN: Duration = Duration::SECOND;

/// One session, followed.
#[derive(Debug)]
pub struct SessionWatch {
    sessions: Sessions,
    place: Id,
    listener: Listener,
    /// Hears of the list of the person's sessions, under each key of the ring.
    of_person: Vec<Listener>,
}

impl Sessions {
    /// Follows a session from now on. It need not live: that is for the first look to tell. None: no key of the ring has
    /// made this id, so that there never was one.
    #[must_use]
    pub fn watch(&self, id: &SessionId) -> Option<SessionWatch> {
        let place = self.place(id)?;
        Some(SessionWatch {
            listener: self.store.events().of(place),
            of_person: Vec::new(),
            sessions: self.clone(),
            place,
        })
    }

    /// Resolves when this session has ended, on any replica and for any reason.
    pub async fn ended(self, id: SessionId) {
        // Listen first: an end between reading and listening would be missed.
        let Some(mut watch) = self.watch(&id) else {
            return;
        };
        loop {
            let look_again = match self.read_session(watch.place).await {
                Ok(Some(live)) if self.lifetime.is_live(&live, self.clock.now()) => self.lifetime.ends_at(&live),
                Ok(_) => return,
                Err(_) => self.clock.now() + ASK_AGAIN,
            };
            watch.ended_or_at(look_again).await;
        }
    }
}

impl SessionWatch {
    /// Names the session: a digest, which opens nothing.
    #[must_use]
    pub fn place(&self) -> Id {
        self.place
    }

    /// The state of the session now, as [`Sessions::load`] gives it.
    ///
    /// # Errors
    ///
    /// The errors of [`Sessions::load`].
    pub async fn look(&self) -> Result<Known, StoreError> {
        self.sessions.load_at(self.place).await
    }

    /// Hears from now on of this person's other sessions too, as they begin and end ([`Change::Listed`]): the person of this
    /// session, once a look has told who that is.
    pub fn follow_person(&mut self, identity: &Identity) {
        if self.of_person.is_empty() {
            let keys = self.sessions.index_keys(IndexKey::person(identity));
            self.of_person = keys.map(|key| self.sessions.store.events().of(key)).collect();
        }
    }

    /// Resolves when there are events, with all of them, or when it is `at`. Events of the person's other sessions come by themselves.
    pub async fn event_or_at(&mut self, at: OffsetDateTime) -> Heard {
        let Self {
            sessions,
            listener,
            of_person,
            ..
        } = self;
        tokio::select! {
            // Events first: one may change the time of the next look.
            biased;
            heard = listener.events() => heard,
            () = listed(of_person) => SessionEvent::Changed(Change::Listed).into(),
            () = sessions.clock.sleep_until(at) => Heard::default(),
        }
    }

    /// The same, for a caller that waits for an end only.
    async fn ended_or_at(&mut self, at: OffsetDateTime) {
        let Self { sessions, listener, .. } = self;
        let ended = async {
            loop {
                let heard = listener.events().await;
                if heard.has(SessionEvent::Ended) || heard.has(SessionEvent::Missed) {
                    return;
                }
            }
        };
        tokio::select! {
            () = ended => {}
            () = sessions.clock.sleep_until(at) => {}
        }
    }
}

/// Resolves when one of these has heard something; never where there is none.
async fn listed(of_person: &mut [Listener]) {
    if of_person.is_empty() {
        return future::pending().await;
    }
    future::select_all(of_person.iter_mut().map(|listener| Box::pin(listener.events()))).await;
}
