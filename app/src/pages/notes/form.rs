//! The form for a new note, and the result of saving one.

use super::Notes;
use super::entry::{Entry, refused};
use crate::server_functions::{AddNote, Note, NoteOutcome, NotesRefusal, RemoveOutcome};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::problem::Problem;
use web_sys::js_sys::Math;

/// The form for a new note.
#[component]
pub(super) fn NewNote(
    /// The page.
    notes: Notes,
) -> impl IntoView {
    let draft = notes.draft;
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let text = draft.get_untracked();
        if text.trim().is_empty() {
            return;
        }
        let entry = notes.lasting(|| Entry::new(new_id(), text));
        entry.save(notes);
        notes.entries.update(|entries| entries.insert(0, entry));
        draft.set(String::new());
    };
    view! {
        <form class="note-new card" method="post" action=AddNote::url() on:submit=add>
            <label for="note-new">"A new note"</label>
            <textarea
                id="note-new"
                class="field"
                name="text"
                rows="4"
                maxlength="4000"
                required
                prop:value=move || draft.get()
                on:input:target=move |event| draft.set(event.target().value())
            ></textarea>
            <input type="hidden" name="id" value="" />
            <button class="button">"Add the note"</button>
        </form>
    }
}

/// A name for a new note, so that sending it twice adds it once. It names a note among one
/// person's, and guards nothing.
fn new_id() -> String {
    let mut id = String::new();
    while id.len() < 32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 16"
        )]
        let digit = (Math::random() * 16.0) as u32;
        id.extend(char::from_digit(digit, 16));
    }
    id
}

/// Said where the answer of the server is missing.
const UNANSWERED: &str = "Not saved: the server did not answer as it should. It stays here; try again.";

/// The note as it stands after it was written; or in words why it was not taken.
pub(super) fn written(answer: Result<NoteOutcome, Problem>) -> Result<Note, &'static str> {
    match answer {
        Ok(NoteOutcome::Note(note)) => Ok(note),
        Ok(NoteOutcome::Refusal(refusal)) => Err(refused(refusal)),
        Err(_) => Err(UNANSWERED),
    }
}

/// Whether a note was removed, or in words why not. One that is gone already is removed.
pub(super) fn removed(answer: &Result<RemoveOutcome, Problem>) -> Result<(), &'static str> {
    match answer {
        Ok(RemoveOutcome::Removed(_) | RemoveOutcome::Refusal(NotesRefusal::NotFound)) => Ok(()),
        Ok(RemoveOutcome::Refusal(refusal)) => Err(refused(*refusal)),
        Err(_) => Err("Nobody knows whether it was removed: try again."),
    }
}
