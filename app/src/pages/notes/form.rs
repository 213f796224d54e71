//! The form for a new note.

use super::Notes;
use super::entry::Entry;
use crate::server_functions::AddNote;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::href;
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
        <form class="note-new card" method="post" action=href(AddNote::url()) on:submit=add>
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
