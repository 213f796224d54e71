//! Writing a new note, and sending what was written.

use super::Notes;
use super::entry::{Entry, refused};
use crate::server_functions::{AddNote, Note, NoteOutcome, NotesRefusal, RemoveNote, RemoveOutcome};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::erased::{dynamic, erased};
use leptos_bff::session::Calls;
use web_sys::js_sys::{Math, encode_uri_component};

/// The form for a new note.
pub(super) fn new_note(notes: Notes) -> AnyView {
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
    erased(view! {
        <form class="note-new card" method="post" action=AddNote::url() on:submit=add>
            <label for="note-new">"A new note"</label>
            <textarea
                id="note-new"
                class="field"
                name="text"
                rows="4"
                maxlength="4000"
                required
                prop:value=dynamic(move || draft.get())
                on:input:target=move |event| draft.set(event.target().value())
            ></textarea>
            <input type="hidden" name="id" value="" />
            <button class="button">"Add the note"</button>
        </form>
    })
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

/// The form's body.
fn encoded(id: &str, text: &str) -> String {
    format!("id={id}&text={}", encode_uri_component(text))
}

/// What is said where nobody knows what became of it.
const UNANSWERED: &str = "Not saved: the server did not answer as it should. It stays here; try again.";

/// Writes a note, and gives it as it stands then; or says in words why it was not taken.
pub(super) async fn written(calls: Calls, address: &str, id: &str, text: &str) -> Result<Note, &'static str> {
    let answer = calls.post_form(address, &encoded(id, text)).await;
    match answer.map(NoteOutcome::try_from) {
        Ok(Ok(NoteOutcome(outcome))) => outcome.map_err(refused),
        Ok(Err(_)) | Err(_) => Err(UNANSWERED),
    }
}

/// Removes a note, or says in words why not. One that is gone already is removed.
pub(super) async fn removed(calls: Calls, id: &str) -> Result<(), &'static str> {
    let answer = calls.post_form(RemoveNote::url(), &encoded(id, "")).await;
    match answer.map(RemoveOutcome::try_from) {
        Ok(Ok(RemoveOutcome(Ok(()) | Err(NotesRefusal::NotFound)))) => Ok(()),
        Ok(Ok(RemoveOutcome(Err(refusal)))) => Err(refused(refusal)),
        Ok(Err(_)) | Err(_) => Err("Nobody knows whether it was removed: try again."),
    }
}
