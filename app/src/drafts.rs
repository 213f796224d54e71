//! What somebody typed and has not saved, kept over a full page load in the same tab.
//!
//! A person whose session ended may sign in on the page itself, which loads it anew. What stood in
//! its fields goes into the tab's own storage (`sessionStorage`) as the page is left, under the name
//! of the person who typed it, and comes back once, to the same person. Signing out removes it.

use crate::session::use_live;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::{Cell, RefCell};
use web_sys::{Event, Storage};

/// Before the name of each draft.
const PREFIX: &str = "draft ";

type Text = Box<dyn Fn() -> Option<String>>;

thread_local! {
    static DRAFTS: RefCell<Vec<(&'static str, Text)>> = const { RefCell::new(Vec::new()) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// What `text` gives as the page is left is kept under this name; None or empty text keeps nothing.
/// To be called in the browser, by a component, which it does not outlive.
pub(crate) fn keep_draft(name: &'static str, text: impl Fn() -> Option<String> + 'static) {
    let live = use_live();
    let text = move || {
        let text = text().filter(|text| !text.is_empty())?;
        // Whoever signed out has nothing kept for them.
        Some(format!("{}\n{text}", live.person().filter(|_| !live.is_signed_out())?))
    };
    DRAFTS.with_borrow_mut(|drafts| {
        drafts.retain(|(known, _)| *known != name);
        drafts.push((name, Box::new(text)));
    });
    // What a page kept is gone with it: a navigation inside the browser asks first.
    on_cleanup(move || {
        DRAFTS.with_borrow_mut(|drafts| drafts.retain(|(known, _)| *known != name));
    });
    if !LISTENS.replace(true) {
        listen();
    }
}

/// What this person left under this name, once.
pub(crate) fn take_draft(name: &str) -> Option<String> {
    let storage = storage()?;
    let key = format!("{PREFIX}{name}");
    let kept = storage.get_item(&key).ok()??;
    let _ = storage.remove_item(&key);
    let (person, text) = kept.split_once('\n')?;
    (Some(person) == use_live().person().as_deref()).then(|| text.to_owned())
}

/// Removes all that was kept, and keeps nothing more: somebody signs out.
pub(crate) fn forget_drafts() {
    DRAFTS.with_borrow_mut(Vec::clear);
    let Some(storage) = storage() else { return };
    let names: Vec<_> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok()?)
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    for name in names {
        let _ = storage.remove_item(&name);
    }
}

fn listen() {
    let leaving = Closure::<dyn Fn(Event)>::new(|_| {
        let Some(storage) = storage() else { return };
        DRAFTS.with_borrow(|drafts| {
            for (name, text) in drafts {
                if let Some(text) = text() {
                    // A storage that is full or refused keeps nothing: nothing can be done now.
                    let _ = storage.set_item(&format!("{PREFIX}{name}"), &text);
                }
            }
        });
    });
    let _ = window().add_event_listener_with_callback("pagehide", leaving.as_ref().unchecked_ref());
    // It listens as long as the page lives.
    leaving.forget();
}

/// None in a browser that is set to keep nothing.
fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
