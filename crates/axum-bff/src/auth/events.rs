//! `GET /auth/events`: the session's changes, as server-sent events (HTML, "Server-sent events").
//!
//! The data of every event but `quiet` and `sessions` is the session's state as `GET /auth/session` gives it. Nothing here
//! counts as activity, reads a token, or asks the store while nothing happens: the session is looked at when there is an event of
//! it, and when it is time for a warning or for its end.

mod updates;

use crate::bff::Bff;
use crate::concurrency::{Permit, PersonPermit};
use crate::cookies;
use crate::error::Error;
use crate::event_streams::{EventStreams, EventStreamsError};
use crate::metrics::Open;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use bff_clock::Clock;
use bff_session::store::{Change, Heard, SessionEvent, StoreError};
use bff_session::{Known, SessionId, SessionWatch};
use futures::{Stream, StreamExt, stream};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;
use updates::{Update, Updates};

/// An event that says nothing keeps proxies from closing the connection, and finds out whether the browser is still
/// there. The page counts on it: not every browser notices a connection that has gone, and none tells a script of a
/// comment.
const QUIET: &str = "quiet";
const KEEP_ALIVE: Duration = Duration::seconds(20);

/// Another session of the person has begun or ended. A page that lists them asks for the list again. The store is not read
/// for this event, and it is sent at most so often, however often the person signs in.
const SESSIONS: &str = "sessions";
const SESSIONS_EVERY: Duration = Duration::SECOND;

/// A browser whose stream ended asks again after this.
const RETRY: std::time::Duration = std::time::Duration::from_secs(2);

/// The handler. A session that has ended already is reported with its reason; if there is none, 204 tells the
/// browser not to ask again. A store that is away is no reason to refuse: the stream says so first.
pub(crate) async fn events(State(state): State<Bff>, headers: HeaderMap) -> Result<Response, Error> {
    super::session::refuse_other_sites(&headers)?;
    let id = cookies::read(&headers, &state.cookies.session).and_then(SessionId::parse);
    // Listens before it looks, so that no change in between is missed.
    let Some(mut watch) = id.and_then(|id| state.sessions.watch(&id)) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let permit = state.event_streams.admit(watch.place())?;
    let found = watch.look().await;
    if matches!(found, Ok(Known::Nothing)) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let mut limit = StreamPermits {
        _open: state.event_streams.open(),
        streams: state.event_streams.clone(),
        _of_session: permit,
        of_person: None,
    };
    limit.admit(&found)?;
    follow_person(&mut watch, &found);
    let mut updates = Updates::new(state.sessions.lifetime());
    let update = updates.after(&found, Heard::default(), state.clock.now());
    let events = Events {
        watch,
        updates,
        limit,
        clock: state.clock.clone(),
        waiting: VecDeque::new(),
        look_at: None,
        quiet_since: state.clock.now(),
        is_another_list: false,
        list_told_from: state.clock.now(),
    };
    let stream = events.stream(update).take_until(state.event_streams.end_of_server());
    // Proxies that gather an answer before they pass it on are told not to.
    Ok(([("x-accel-buffering", "no")], Sse::new(stream)).into_response())
}

/// The events of one stream.
struct Events {
    watch: SessionWatch,
    updates: Updates,
    clock: Arc<dyn Clock>,
    /// Update, and not yet sent.
    waiting: VecDeque<Event>,
    /// When to look at the session although there is no event of it. None: it has ended.
    look_at: Option<OffsetDateTime>,
    quiet_since: OffsetDateTime,
    /// Whether [`SESSIONS`] is to be sent.
    is_another_list: bool,
    /// From when on it may be sent.
    list_told_from: OffsetDateTime,
    limit: StreamPermits,
}

/// Hears of the other sessions too, once the record has told whose session this is.
fn follow_person(watch: &mut SessionWatch, found: &Result<Known, StoreError>) {
    if let Ok(Known::Live(session)) = found {
        watch.follow_person(&session.identity);
    }
}

/// The permits of a stream: one of its session's, and one of its person's.
struct StreamPermits {
    _open: Open,
    streams: EventStreams,
    _of_session: Permit<Id>,
    /// None as long as the store has not said whose session it is.
    of_person: Option<PersonPermit>,
}

impl StreamPermits {
    fn admit(&mut self, found: &Result<Known, StoreError>) -> Result<(), EventStreamsError> {
        if let (None, Ok(Known::Live(session))) = (&self.of_person, found) {
            self.of_person = Some(self.streams.admit_person(&session.identity)?);
        }
        Ok(())
    }
}

impl Events {
    fn stream(mut self, first: Update) -> impl Stream<Item = Result<Event, Infallible>> + Send {
        self.take(first);
        let first = self.waiting.pop_front().map(|event| event.retry(RETRY));
        self.waiting.extend(first);
        stream::unfold(self, async |mut events| {
            let event = events.next().await?;
            events.quiet_since = events.clock.now();
            Some((Ok(event), events))
        })
    }

    /// The next event, if only that there is nothing to tell; None after the end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let look_at = self.look_at?;
            let mut wake_at = look_at.min(self.quiet_since + KEEP_ALIVE);
            if self.is_another_list {
                wake_at = wake_at.min(self.list_told_from);
            }
            let mut heard = self.watch.event_or_at(wake_at).await;
            let now = self.clock.now();
            if heard == Heard::from(SessionEvent::Changed(Change::Listed)) {
                self.is_another_list = true;
                heard = Heard::default();
            }
            if self.is_another_list && now >= self.list_told_from {
                self.is_another_list = false;
                self.list_told_from = now + SESSIONS_EVERY;
                self.waiting.push_back(without_state(SESSIONS));
            }
            if heard == Heard::default() && now < look_at {
                if self.waiting.is_empty() && now >= self.quiet_since + KEEP_ALIVE {
                    self.waiting.push_back(without_state(QUIET));
                }
                continue;
            }
            let found = self.watch.look().await;
            // The store is back, and its person has enough streams without this one. The browser asks again.
            self.limit.admit(&found).ok()?;
            follow_person(&mut self.watch, &found);
            let update = self.updates.after(&found, heard, self.clock.now());
            self.take(update);
        }
    }

    fn take(&mut self, update: Update) {
        self.look_at = update.look_at;
        let events = update.events.into_iter().map(|(name, state)| {
            // A state's JSON has string keys only: writing it cannot fail.
            let event = Event::default().event(name).json_data(&state);
            event.unwrap_or_default()
        });
        self.waiting.extend(events);
    }
}

/// Without data a browser dispatches no event.
fn without_state(name: &str) -> Event {
    Event::default().event(name).data("-")
}
