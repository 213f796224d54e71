//! A note as the page knows it.

use crate::server_functions::Note;
use leptos::prelude::*;

/// A note as the page shows it.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) changed_at: String,
    /// Its text, saved or not.
    pub(super) text: RwSignal<String>,
    /// The text in its form.
    pub(super) typed: RwSignal<String>,
    pub(super) standing: RwSignal<Standing>,
    /// Whether the server has this note, with this text or an earlier one.
    pub(super) known: RwSignal<bool>,
    /// Whether it was removed: its row is then hidden.
    pub(super) gone: RwSignal<bool>,
    /// Whether the server is removing it.
    pub(super) leaves: RwSignal<bool>,
}

/// How far a change is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Standing {
    Saved,
    Saving,
    /// Not saved, for a reason in words.
    Not(&'static str),
}

impl Entry {
    pub(super) fn saved(note: Note) -> Self {
        Self {
            id: note.id,
            changed_at: note.changed_at,
            typed: RwSignal::new(note.text.clone()),
            text: RwSignal::new(note.text),
            standing: RwSignal::new(Standing::Saved),
            known: RwSignal::new(true),
            gone: RwSignal::new(false),
            leaves: RwSignal::new(false),
        }
    }

    /// The id of the button that opens its form, which the focus goes to when the form closes.
    pub(super) fn change_button(&self) -> String {
        format!("change-{}", self.id)
    }

    /// A note that the server does not have yet.
    pub(super) fn new(id: String, text: String) -> Self {
        let note = Note {
            id,
            text,
            changed_at: String::new(),
        };
        let entry = Self::saved(note);
        entry.known.set(false);
        entry
    }
}
