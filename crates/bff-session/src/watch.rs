//! Lets a stream, which outlives its request, follow a session: it waits for news, and reads the store. Neither counts as
//! activity.

use super::store::{Heard, Listener, News, StoreError};
use super::{Known, SessionId, Sessions};
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
}

impl Sessions {
    /// Follows a session from now on. It need not live: that is for the first look to tell. None: no key of the ring has
    /// made this id, so that there never was one.
    #[must_use]
    pub fn watch(&self, id: &SessionId) -> Option<SessionWatch> {
        let place = self.place(id)?;
        Some(SessionWatch {
            listener: self.store.news().of(place),
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

    /// Resolves when there is news, with all of it, or when it is `at`.
    pub async fn news_or_at(&mut self, at: OffsetDateTime) -> Heard {
        tokio::select! {
            // News first: it may change the time of the next look.
            biased;
            heard = self.listener.news() => heard,
            () = self.sessions.clock.sleep_until(at) => Heard::default(),
        }
    }

    /// The same, for a caller that waits for an end only.
    async fn ended_or_at(&mut self, at: OffsetDateTime) {
        let Self { sessions, listener, .. } = self;
        let ended = async {
            loop {
                let heard = listener.news().await;
                if heard.has(News::Ended) || heard.has(News::Missed) {
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
