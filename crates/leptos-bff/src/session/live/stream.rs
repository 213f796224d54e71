//! The events that the server tells of the session: `GET /auth/events`.

use super::moment::Moment;
use super::{Live, Told};
use crate::public_path::href;
use bff_contract::paths::EVENTS;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::RefCell;
use web_sys::{Event, EventSource, MessageEvent};

/// The names of the events. Each event has the present state.
const NAMES: [&str; 7] = [
    "state",
    "claims",
    "refreshed",
    "expiring",
    "extended",
    "degraded",
    "ended",
];

/// Another session of the person has begun or ended.
const SESSIONS: &str = "sessions";

/// The server has nothing to tell, and says so every 20 seconds.
const QUIET: &str = "quiet";
/// In seconds: a stream that has sent nothing for so long counts as dead, even if the browser calls it open. Not every
/// engine notices a connection that has gone.
const SILENT_AFTER: u64 = 50;

/// How well this tab hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The stream is open: the server sends its events.
    Open,
    /// Nothing has come for longer than it may take.
    Silent,
    /// The browser has lost the server and looks for it.
    Lost,
    /// There is no stream, or the server has refused it.
    Closed,
}

/// An open stream with its listeners. Dropping it closes it.
struct Stream {
    source: EventSource,
    /// When something came last.
    heard: Moment,
    _listeners: [Closure<dyn Fn(Event)>; 4],
}

thread_local! {
    /// The stream of this tab.
    static STREAM: RefCell<Option<Stream>> = const { RefCell::new(None) };
}

impl Stream {
    /// None if the browser has no streams of events.
    fn open(live: Live) -> Option<Self> {
        let source = EventSource::new(&href(EVENTS)).ok()?;
        let told = Closure::<dyn Fn(Event)>::new(move |event| {
            heard();
            told(live, event);
        });
        let quiet = Closure::<dyn Fn(Event)>::new(|_| heard());
        let listed = Closure::<dyn Fn(Event)>::new(move |_| {
            heard();
            live.hear_of_sessions();
        });
        let failed = Closure::<dyn Fn(Event)>::new(move |_| {
            if standing() == Standing::Closed {
                live.look();
            }
        });
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let names = NAMES.map(|name| (name, &told));
        for (name, listener) in names.into_iter().chain([(QUIET, &quiet), (SESSIONS, &listed)]) {
            let listener = listener.as_ref().unchecked_ref();
            source.add_event_listener_with_callback(name, listener).ok()?;
        }
        Some(Self {
            source,
            heard: Moment::now(),
            _listeners: [told, quiet, listed, failed],
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Opens the stream, if there is none.
pub(super) fn open(live: Live) {
    if STREAM.with_borrow(Option::is_none) {
        let stream = Stream::open(live);
        STREAM.set(stream);
    }
}

/// Closes the stream, if there is one.
pub(super) fn close() {
    // Closed outside of the borrow.
    drop(STREAM.take());
}

/// How well this tab hears just now.
pub(super) fn standing() -> Standing {
    let known = STREAM.with_borrow(|stream| {
        let stream = stream.as_ref()?;
        Some((stream.source.ready_state(), stream.heard.seconds_ago()))
    });
    match known {
        Some((EventSource::OPEN, 0..SILENT_AFTER)) => Standing::Open,
        Some((EventSource::OPEN, _)) => Standing::Silent,
        Some((EventSource::CONNECTING, _)) => Standing::Lost,
        _ => Standing::Closed,
    }
}

/// Closes a stream that the server has refused, or that says nothing. The next state that is heard opens another.
pub(super) fn retry() {
    if matches!(standing(), Standing::Closed | Standing::Silent) {
        close();
    }
}

/// Something came.
fn heard() {
    STREAM.with_borrow_mut(|stream| {
        if let Some(stream) = stream {
            stream.heard = Moment::now();
        }
    });
}

fn told(live: Live, event: Event) {
    let name = event.type_();
    let data = event
        .dyn_into::<MessageEvent>()
        .ok()
        .and_then(|event| event.data().as_string());
    let Some(told) = data.and_then(Told::read) else {
        return live.look();
    };
    match name.as_str() {
        // This session has ended; the browser may have another one since.
        "ended" => live.look_or(Some(told)),
        // The first event of a stream: other sessions may have begun or ended before it.
        "state" => {
            live.hear(told);
            live.hear_of_sessions();
        }
        _ => live.hear(told),
    }
}
