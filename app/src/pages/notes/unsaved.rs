//! Unsaved text: the new note so far, and notes that did not reach the server.

use super::Notes;
use super::entry::{Entry, Standing};
use leptos::prelude::*;
use leptos_bff::drafts::{change_draft, keep_draft, kept_draft};
use serde::{Deserialize, Serialize};

const DRAFT: &str = "note";
const UNSAVED: &str = "notes";

/// The kept part of a note.
#[derive(Serialize, Deserialize)]
struct Unsaved {
    id: String,
    text: String,
}

fn read(kept: &str) -> Vec<Unsaved> {
    serde_json::from_str(kept).unwrap_or_default()
}

fn write(unsaved: &[Unsaved]) -> Option<String> {
    (!unsaved.is_empty()).then(|| serde_json::to_string(unsaved).ok())?
}

/// Restores unsaved text, and keeps text as it is typed. In the browser.
pub(super) fn keep(notes: Notes) {
    if let Some(draft) = kept_draft(DRAFT) {
        notes.draft.set(draft);
    }
    for left in kept_draft(UNSAVED).map(|kept| read(&kept)).unwrap_or_default() {
        put_back(notes, left);
    }
    keep_draft(DRAFT, move || Some(notes.draft.get()));
    keep_draft(UNSAVED, move || {
        let unsaved: Vec<_> = notes.entries.get().iter().filter_map(to_keep).collect();
        write(&unsaved)
    });
}

/// A note got through after the page was left: nothing of it is to be put back.
pub(super) fn got_through(id: &str) {
    change_draft(UNSAVED, |kept| {
        let mut unsaved = read(kept);
        unsaved.retain(|note| note.id != id);
        write(&unsaved)
    });
}

/// The part of a note to keep. It reads every signal that may change it.
fn to_keep(entry: &Entry) -> Option<Unsaved> {
    let (text, typed) = (entry.text.get(), entry.typed.get());
    let is_saved = entry.standing.get() == Standing::Saved;
    if entry.gone.get() || (is_saved && text == typed) {
        return None;
    }
    // Text typed on top of an unsaved text is newer.
    let text = if is_saved || text != typed { typed } else { text };
    let id = entry.id.clone();
    Some(Unsaved { id, text })
}

fn put_back(notes: Notes, Unsaved { id, text }: Unsaved) {
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
