//! The open streams of `GET /auth/events`: how many there may be, and their end with the server.
//!
//! Of a browser's tabs one holds the stream and tells the others, so a session needs few, and a person a few for each
//! browser. There is no setting: an open stream costs 24 KiB here (measured) and nothing in Redis.

use crate::concurrency::{ConcurrencyLimit, LimitReached, Permit};
use crate::concurrency::{People, PersonLimit, PersonPermit};
use crate::error::Failure;
use crate::metrics::Open;
use ::metrics::Gauge;
use axum::http::StatusCode;
use bff_contract::problem::Code;
use bff_session::Identity;
use tokio::sync::watch;
use tower_sessions::session::Id;

/// So many streams on one replica.
const ALL: usize = 10_000;

/// So many of them for one person, in however many sessions.
const EACH_PERSON: usize = 64;

/// So many of them for one session.
const EACH: usize = 16;

/// Why there may be no further stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventStreamsError {
    /// All sessions together have reached the limit.
    #[error("too many streams of session events are open")]
    Busy,
    /// This session, or its person, has reached the limit.
    #[error("one session or one person has too many streams of session events open")]
    TooMany,
}

impl Failure for EventStreamsError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn problem_code(&self) -> Code {
        match self {
            Self::Busy => Code::EventStreamsBusy,
            Self::TooMany => Code::TooManyAtOnce,
        }
    }
}

impl From<LimitReached> for EventStreamsError {
    fn from(reached: LimitReached) -> Self {
        match reached {
            LimitReached::All => Self::Busy,
            LimitReached::Each => Self::TooMany,
        }
    }
}

/// The open streams. Clones share everything.
#[derive(Clone, Debug)]
pub struct EventStreams {
    limit: ConcurrencyLimit<Id>,
    people: People,
    limit_of_people: PersonLimit,
    going_away: watch::Sender<bool>,
    open: Gauge,
}

impl Default for EventStreams {
    fn default() -> Self {
        Self::new(ALL, EACH_PERSON, EACH)
    }
}

impl EventStreams {
    /// At most `all` streams, of these `each_person` for one person and `each` for one session.
    #[must_use]
    pub fn new(all: usize, each_person: usize, each: usize) -> Self {
        Self {
            limit: ConcurrencyLimit::new(all, each),
            people: People::default(),
            limit_of_people: PersonLimit::new(all, each_person),
            going_away: watch::Sender::new(false),
            open: Gauge::noop(),
        }
    }

    /// The same, and this gauge counts the open streams.
    pub(crate) fn counted(self, open: Gauge) -> Self {
        Self { open, ..self }
    }

    /// A stream is open, until the value is dropped.
    pub(crate) fn open(&self) -> Open {
        Open::one(&self.open)
    }

    /// A permit for one more stream of the session at this place.
    pub(crate) fn admit(&self, place: Id) -> Result<Permit<Id>, EventStreamsError> {
        self.limit.acquire(place).map_err(EventStreamsError::from)
    }

    /// A permit for one more stream of this person, once the session has been read.
    pub(crate) fn admit_person(&self, identity: &Identity) -> Result<PersonPermit, EventStreamsError> {
        let person = self.people.of(identity);
        self.limit_of_people.acquire(person).map_err(EventStreamsError::from)
    }

    /// Closes all streams in good order, because this server ends. The browsers open them again at another replica.
    pub fn go_away(&self) {
        self.going_away.send_replace(true);
    }

    /// Resolves when the server ends.
    pub(crate) fn end_of_server(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut going_away = self.going_away.subscribe();
        async move {
            let _ = going_away.wait_for(|going| *going).await;
        }
    }
}
