//! Drafts: text that is typed and not saved yet, kept in this tab.
//!
//! A draft outlives the page: a full load to sign in again, a navigation inside the browser, Back and Forward. Each change is
//! written to the tab's own storage (`sessionStorage`), because not every engine keeps a value that is written while a page is
//! left. The draft belongs to the person who typed it, and only that person gets it back. Signing out removes it.

use crate::public_path::public_path;
use crate::session::{Live, SessionState, use_live, use_session};
use leptos::prelude::*;
use std::cell::Cell;
use web_sys::Storage;

/// Before the name of each draft, with the path of `BFF_PUBLIC_URL` and a space behind it. A tab has one storage for all
/// applications of an origin.
pub const PREFIX: &str = "draft";

thread_local! {
    static IS_LEAVING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the result of `text` under this name, each time that a signal in it changes; `None` or empty text keeps nothing.
/// Call it in the browser, in a component. The draft outlives the component.
pub fn keep_draft(name: &'static str, text: impl Fn() -> Option<String> + 'static) {
    let (live, session) = (use_live(), use_session());
    Effect::new(move |_| {
        // Nothing is kept for a person who has signed out; it is again once the same person is back.
        session.with(SessionState::end_reason);
        let text = text().filter(|text| !text.is_empty());
        let owned = text.zip(owner(live)).map(|(text, person)| format!("{person}\n{text}"));
        write(name, owned.as_deref());
    });
}

/// The draft of the signed-in person under this name. A draft of another person is removed.
#[must_use]
pub fn kept_draft(name: &str) -> Option<String> {
    let person = use_live().person();
    forget_drafts_but_of(person.as_deref());
    read(name)
}

/// Changes the draft of this name, after its component has gone.
pub fn change_draft(name: &str, change: impl FnOnce(&str) -> Option<String>) {
    let kept = read_owned(name);
    let Some((person, text)) = kept.as_deref().and_then(|kept| kept.split_once('\n')) else {
        return;
    };
    let changed = change(text).map(|text| format!("{person}\n{text}"));
    write(name, changed.as_deref());
}

/// Removes all drafts and keeps no further ones, because the person of this page signs out.
pub fn forget_drafts() {
    IS_LEAVING.set(true);
    forget_drafts_but_of(None);
}

/// Removes the drafts of everybody but this person.
pub fn forget_drafts_but_of(person: Option<&str>) {
    let Some(storage) = storage() else { return };
    let prefix = key("");
    let names: Vec<_> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok()?)
        .filter(|name| name.starts_with(&prefix))
        .collect();
    for name in names {
        let kept = storage.get_item(&name).ok().flatten().unwrap_or_default();
        if kept.split('\n').next() != person {
            let _ = storage.remove_item(&name);
        }
    }
}

/// The person whose drafts are kept. `None` while the person signs out.
fn owner(live: Live) -> Option<String> {
    live.person().filter(|_| !live.is_signed_out() && !IS_LEAVING.get())
}

/// The key under which a draft of this name is kept.
fn key(name: &str) -> String {
    format!("{PREFIX}{} {name}", public_path())
}

fn read(name: &str) -> Option<String> {
    let kept = read_owned(name)?;
    kept.split_once('\n').map(|(_, text)| text.to_owned())
}

fn read_owned(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok()?
}

/// A storage that is full or refused keeps nothing: the text is still on the page.
fn write(name: &str, owned: Option<&str>) {
    let Some(storage) = storage() else { return };
    let key = key(name);
    let _ = match owned {
        Some(owned) => storage.set_item(&key, owned),
        None => storage.remove_item(&key),
    };
}

/// None in a browser that is set to keep nothing.
fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
