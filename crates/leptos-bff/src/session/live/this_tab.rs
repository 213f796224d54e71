//! The state of this tab alone. A tab shows one page of one application, so it has one of these.

use super::Live;
use super::moment::Moment;
use leptos::wasm_bindgen::JsValue;
use std::cell::RefCell;
use wasm_bindgen_futures::JsFuture;
use web_sys::BroadcastChannel;
use web_sys::js_sys::{Function, Promise};

pub(super) struct ThisTab {
    /// The session of the page.
    pub(super) live: Option<Live>,
    /// When the state was received.
    pub(super) received: Moment,
    /// When the server last said something, or did not answer.
    pub(super) heard: Moment,
    /// The person who was signed in last.
    pub(super) person: Option<String>,
    /// When the person asked for the sign-out, in another tab.
    pub(super) leaving: Option<Moment>,
    /// Whether the person has asked for the sign-out in this tab.
    pub(super) leaves: bool,
    /// Counts the events that were heard: an answer counts only if no event was heard meanwhile.
    pub(super) events: u64,
    /// Whether the server is being asked.
    pub(super) asks: bool,
    /// The channel on which the other tabs hear this one.
    pub(super) channel: Option<BroadcastChannel>,
    /// Whether this tab is the one that listens to the server for all.
    pub(super) leads: bool,
    /// The callers that wait until somebody is signed in.
    waiting: Vec<Function>,
}

thread_local! {
    static THIS_TAB: RefCell<Option<ThisTab>> = const { RefCell::new(None) };
}

/// Reads or changes it. In the browser only.
pub(super) fn this_tab<T>(work: impl FnOnce(&mut ThisTab) -> T) -> T {
    THIS_TAB.with_borrow_mut(|tab| {
        work(tab.get_or_insert_with(|| ThisTab {
            live: None,
            received: Moment::now(),
            heard: Moment::now(),
            person: None,
            leaving: None,
            leaves: false,
            events: 0,
            asks: false,
            channel: None,
            leads: false,
            waiting: Vec::new(),
        }))
    })
}

/// Resolves with the person when somebody is signed in again.
pub(super) async fn somebody() -> Option<String> {
    let signed_in = Promise::new(&mut |resolve, _| this_tab(|tab| tab.waiting.push(resolve)));
    JsFuture::from(signed_in).await.ok()?.as_string()
}

/// Somebody is signed in: the callers that waited for that go on.
pub(super) fn resume(person: &str) {
    for resolve in this_tab(|tab| std::mem::take(&mut tab.waiting)) {
        // A promise that nobody waits for any more takes no harm.
        let _ = resolve.call1(&JsValue::UNDEFINED, &person.into());
    }
}
