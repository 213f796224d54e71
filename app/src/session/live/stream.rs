//! The events that the server tells of the session: `GET /auth/events`.

use super::Live;
use super::here::here;
use crate::json;
use crate::session::SessionState;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

const EVENTS: &str = "/auth/events";

/// What the events are called. Each has the state as it is then.
const NAMES: [&str; 7] = [
    "state",
    "claims",
    "refreshed",
    "expiring",
    "extended",
    "degraded",
    "ended",
];

/// How well this tab hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The server tells what happens.
    Open,
    /// The browser has lost the server and looks for it.
    Lost,
    /// There is no stream, or the server has refused it.
    Closed,
}

/// An open stream with what listens to it; dropping it closes it.
pub(super) struct Stream {
    source: EventSource,
    _listeners: [Closure<dyn Fn(Event)>; 2],
}

impl Stream {
    /// None where the browser has no streams of events.
    pub(super) fn open(live: Live) -> Option<Self> {
        let source = EventSource::new(EVENTS).ok()?;
        let told = Closure::<dyn Fn(Event)>::new(move |event| told(live, event));
        let failed = Closure::<dyn Fn(Event)>::new(move |_| {
            if standing() == Standing::Closed {
                live.look();
            }
        });
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        for name in NAMES {
            let listener = told.as_ref().unchecked_ref();
            source.add_event_listener_with_callback(name, listener).ok()?;
        }
        Some(Self {
            source,
            _listeners: [told, failed],
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// How well this tab hears just now.
pub(super) fn standing() -> Standing {
    match here(|here| here.stream.as_ref().map(|stream| stream.source.ready_state())) {
        Some(EventSource::OPEN) => Standing::Open,
        Some(EventSource::CONNECTING) => Standing::Lost,
        _ => Standing::Closed,
    }
}

/// Forgets a stream that the server has refused: the next state that is heard opens another.
pub(super) fn retry() {
    if standing() == Standing::Closed {
        drop(here(|here| here.stream.take()));
    }
}

fn told(live: Live, event: Event) {
    let name = event.type_();
    let data = event
        .dyn_into::<MessageEvent>()
        .ok()
        .and_then(|event| event.data().as_string());
    let json = data.and_then(|text| json::read(&text));
    let Some(state) = json.and_then(|json| SessionState::try_from(json).ok()) else {
        return live.look();
    };
    match (name.as_str(), &state) {
        // This session has ended; the browser may have another one since.
        ("ended", _) => live.look_or(Some(state)),
        _ => live.hear(state),
    }
}
