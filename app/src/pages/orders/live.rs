//! Server-sent events of the API, through the relay, for as long as one wants them and the session
//! lasts.

use super::EVENTS;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos_bff::href;
use leptos_bff::session::{Live, use_live};
use web_sys::{Event, EventSource};

const STOPPED: &str = "Not connected.";
const CONNECTING: &str = "Connecting…";
const OPEN: &str = "Connected: the API sends one tick a second.";
const BROKEN: &str = "The stream broke off and was refused when the browser asked for it again.";

/// The state of the stream that the page shows.
#[derive(Clone, Copy)]
struct Shown {
    runs: RwSignal<bool>,
    state: RwSignal<&'static str>,
    ticks: RwSignal<u64>,
    /// Where the state is read out, and not each tick.
    announced: RwSignal<&'static str>,
    session: Live,
}

impl Shown {
    fn tell(self, state: &'static str) {
        self.state.set(state);
        self.announced.set(state);
    }
}

/// Starts and stops the stream, and counts its messages.
#[component]
pub(super) fn LiveEvents(
    /// Where the state of the stream is read out.
    announced: RwSignal<&'static str>,
) -> impl IntoView {
    let shown = Shown {
        runs: RwSignal::new(false),
        state: RwSignal::new(STOPPED),
        ticks: RwSignal::new(0),
        announced,
        session: use_live(),
    };
    let Shown { runs, state, ticks, .. } = shown;
    // Dropped when the page is left, and closed by that.
    let open = StoredValue::new_local(None::<Connection>);
    let switch = move |_| {
        let connection = if runs.get_untracked() {
            shown.tell(STOPPED);
            None
        } else {
            ticks.set(0);
            let connection = Connection::open(shown);
            shown.tell(if connection.is_some() { CONNECTING } else { BROKEN });
            connection
        };
        runs.set(connection.is_some());
        open.set_value(connection);
    };
    let label = move || {
        if runs.get() {
            "Stop the stream"
        } else {
            "Start the stream"
        }
    };
    view! {
        <section class="card live" aria-labelledby="live">
            <h2 id="live">"Live"</h2>
            <p>
                "A stream of events from the same API, read with EventSource. It ends with the session: \
                 sign out in another tab, and it stops within a second."
            </p>
            <div class="live-row">
                <button type="button" class="button" on:click=switch>
                    {label}
                </button>
                <p class="live-count">{move || format!("Ticks: {}", ticks.get())}</p>
                <p class="live-state">{move || state.get()}</p>
            </div>
        </section>
    }
}

/// An open stream with its listeners. Dropping it closes the stream.
struct Connection {
    source: EventSource,
    _listeners: [Closure<dyn Fn(Event)>; 3],
}

impl Connection {
    /// None where the browser has no streams of events.
    fn open(shown: Shown) -> Option<Self> {
        let source = EventSource::new(&href(EVENTS)).ok()?;
        let opened = Closure::<dyn Fn(Event)>::new(move |_| shown.tell(OPEN));
        let ticked = Closure::<dyn Fn(Event)>::new(move |_| shown.ticks.set(shown.ticks.get_untracked() + 1));
        let failed = Closure::<dyn Fn(Event)>::new(move |event: Event| after_error(&event, shown));
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        source
            .add_event_listener_with_callback("tick", ticked.as_ref().unchecked_ref())
            .ok()?;
        Some(Self {
            source,
            _listeners: [opened, ticked, failed],
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// The browser connects again by itself, unless it was refused: then perhaps there is no session
/// any more, and the server says why.
fn after_error(event: &Event, shown: Shown) {
    let source = event.target().and_then(|target| target.dyn_into::<EventSource>().ok());
    let has_given_up = source.is_none_or(|source| source.ready_state() == EventSource::CLOSED);
    if !has_given_up {
        shown.tell(CONNECTING);
        return;
    }
    shown.tell(BROKEN);
    shown.runs.set(false);
    shown.session.look();
}
