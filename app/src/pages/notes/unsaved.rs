//! What is not saved: the new note as far as it was typed, and notes that did not get through.

use super::Notes;
use super::entry::{Entry, Standing};
use leptos::prelude::*;
use leptos_bff::drafts::{change_draft, keep_draft, kept_draft};
use leptos_bff::json;
use serde_json::{Value, json};

const DRAFT: &str = "note";
const UNSAVED: &str = "notes";

/// Puts back what was left, and keeps what is typed. In the browser.
pub(super) fn keep(notes: Notes) {
    if let Some(draft) = kept_draft(DRAFT) {
        notes.draft.set(draft);
    }
    let left = kept_draft(UNSAVED).and_then(|text| json::read(&text));
    if let Some(Value::Array(left)) = left {
        for left in &left {
            put_back(notes, left);
        }
    }
    keep_draft(DRAFT, move || Some(notes.draft.get()));
    keep_draft(UNSAVED, move || {
        let unsaved: Vec<_> = notes.entries.get().iter().filter_map(written).collect();
        (!unsaved.is_empty()).then(|| json::write(&Value::Array(unsaved)))
    });
}

/// A note got through after the page was left: nothing of it is to be put back.
pub(super) fn got_through(id: &str) {
    change_draft(UNSAVED, |kept| {
        let Some(Value::Array(mut unsaved)) = json::read(kept) else {
            return None;
        };
        unsaved.retain(|note| note.get("id").and_then(Value::as_str) != Some(id));
        (!unsaved.is_empty()).then(|| json::write(&Value::Array(unsaved)))
    });
}

/// What there is to keep of a note. It reads all that may change it.
fn written(entry: &Entry) -> Option<Value> {
    let (text, typed) = (entry.text.get(), entry.typed.get());
    let is_saved = entry.standing.get() == Standing::Saved;
    if entry.gone.get() || (is_saved && text == typed) {
        return None;
    }
    // What is typed on top of something unsaved is newer.
    let text = if is_saved || text != typed { typed } else { text };
    Some(json!({"id": entry.id, "text": text}))
}

fn put_back(notes: Notes, left: &Value) {
    let text = |member: &str| left.get(member).and_then(Value::as_str).map(ToOwned::to_owned);
    let (Some(id), Some(text)) = (text("id"), text("text")) else {
        return;
    };
    let there = notes
        .entries
        .with_untracked(|entries| entries.iter().find(|entry| entry.id == id).cloned());
    let entry = there.unwrap_or_else(|| {
        let entry = notes.lasting(|| Entry::new(id, text.clone()));
        notes.entries.update(|entries| entries.insert(0, entry.clone()));
        entry
    });
    entry.text.set(text.clone());
    entry.typed.set(text);
    entry
        .standing
        .set(Standing::Not("This was not saved when you left the page."));
}
