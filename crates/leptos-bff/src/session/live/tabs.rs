//! The tabs of one browser: one of them listens to the server, the others hear from it.
//!
//! A Web Lock decides which tab leads. It passes on by itself when its tab is gone. Messages
//! travel by `BroadcastChannel`: from the one that leads a state as JSON, or that the person's other sessions may have changed;
//! and from the others the name of the session that they see (so that the leader asks the server if it sees another), that it
//! should ask, or that the person signs out. A browser that lacks either has only tabs that lead.

use super::Live;
use super::moment::Moment;
use super::this_tab::this_tab;
use crate::public_path::public_path;
use crate::session::SessionState;
use crate::session::names::{CHANNEL, PAGE_FAILED};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Function, Promise, Reflect};
use web_sys::{BroadcastChannel, Event, MessageEvent};

const ASK: &str = "ask";
const LEAVE: &str = "leave";
const SESSIONS: &str = "sessions";
/// A tab that has led from its beginning knows the state that its page was rendered with. A tab that
/// takes the lead after more than this many seconds may have missed an event.
const NEW: u64 = 1;

/// The name of the channel and of the lock: other applications of the origin have others.
fn channel() -> String {
    format!("{CHANNEL}{}", public_path())
}

/// Makes this tab one of them.
pub(super) fn join(live: Live) {
    let channel = BroadcastChannel::new(&channel()).ok();
    if let Some(channel) = &channel {
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard(live, &text);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // It listens as long as the page lives.
        heard.forget();
    }
    let is_alone = channel.is_none();
    this_tab(|tab| tab.channel = channel);
    if is_alone || wait_for_the_lead(live).is_none() {
        this_tab(|tab| tab.leads = true);
    }
    say(&name(&live.state.get_untracked()));
    for event in ["online", "offline"] {
        let changed = Closure::<dyn Fn(Event)>::new(move |_| {
            if leads() {
                live.look();
            }
        });
        let _ = window().add_event_listener_with_callback(event, changed.as_ref().unchecked_ref());
        changed.forget();
    }
}

/// Asks for the lock. None if the browser has none to give.
fn wait_for_the_lead(live: Live) -> Option<()> {
    let since = Moment::now();
    let lead = move || {
        this_tab(|tab| tab.leads = true);
        if since.seconds_ago() >= NEW {
            live.look();
        }
        live.tend_stream();
    };
    let granted = Closure::once_into_js(move || {
        lead();
        // Held for as long as the page lives and its WASM runs.
        Promise::new(&mut |release, _| {
            let _ = window().add_event_listener_with_callback(PAGE_FAILED, &release);
        })
    });
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let asked: Promise = request
        .call2(&locks, &channel().into(), &granted)
        .ok()?
        .dyn_into()
        .ok()?;
    spawn_local(async move {
        // A browser may have locks and refuse to give them, such as one that keeps nothing.
        if JsFuture::from(asked).await.is_err() && !leads() {
            lead();
        }
    });
    Some(())
}

/// Whether this tab listens for all.
pub(super) fn leads() -> bool {
    this_tab(|tab| tab.leads)
}

/// Tells the others the server's own JSON, if this tab leads.
pub(super) fn tell(json: &str) {
    if leads() {
        say(json);
    }
}

/// Lets the tab that leads ask the server.
pub(super) fn ask_leader() {
    say(ASK);
}

/// Tells the others that the person's other sessions have changed, if this tab leads.
pub(super) fn tell_of_sessions() {
    if leads() {
        say(SESSIONS);
    }
}

/// Tells the others that the person signs out.
pub(super) fn leave() {
    say(LEAVE);
}

fn say(text: &str) {
    this_tab(|tab| {
        if let Some(channel) = &tab.channel {
            // A tab that cannot be told asks when the time is nearly over.
            let _ = channel.post_message(&JsValue::from_str(text));
        }
    });
}

fn heard(live: Live, text: &str) {
    if text.starts_with('{') {
        if let Ok(state) = serde_json::from_str(text) {
            live.apply(live.with_what_is_known(state));
        }
    } else if text == SESSIONS {
        live.sessions.update(|changes| *changes += 1);
    } else if text == LEAVE {
        this_tab(|tab| tab.leaving = Some(Moment::now()));
    } else if leads() && (text == ASK || text != live.state.with_untracked(name)) {
        live.look();
    }
}

/// A name that differs between sessions, and from no session.
fn name(state: &SessionState) -> String {
    match state {
        SessionState::Anonymous | SessionState::Ended { .. } => "nobody".to_owned(),
        SessionState::Degraded(None) => "nobody knows".to_owned(),
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            format!("{} {}", session.signed_in_at, session.person())
        }
    }
}
