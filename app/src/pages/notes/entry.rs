//! One note, with the forms that change and remove it.

use super::Notes;
use super::form::{removed, written};
use super::unsaved::got_through;
use crate::calendar::rfc3339_in_words;
use crate::server_functions::{ChangeNote, Note, NotesRefusal, RemoveNote, add_note, change_note, remove_note};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_bff::rcdata::textarea;

/// A note as the page shows it.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    changed_at: String,
    /// Its text, saved or not.
    pub(super) text: RwSignal<String>,
    /// The text in its form.
    pub(super) typed: RwSignal<String>,
    pub(super) standing: RwSignal<Standing>,
    /// Whether the server has it, in whatever words.
    known: RwSignal<bool>,
    /// Whether it was removed: its row is then hidden.
    pub(super) gone: RwSignal<bool>,
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
        }
    }

    /// One that the server has not heard of.
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

    /// Sends its text to the server.
    pub(super) fn save(&self, notes: Notes) {
        let Self { standing, known, .. } = *self;
        let (id, text) = (self.id.clone(), self.text.get_untracked());
        let is_known = known.get_untracked();
        standing.set(Standing::Saving);
        spawn_local(async move {
            let first = if is_known {
                change_note(id.clone(), text.clone()).await
            } else {
                add_note(id.clone(), text.clone()).await
            };
            let mut outcome = written(first);
            // It had got through before, unheard, and has another text since.
            if outcome.as_ref().is_ok_and(|note| note.text != text) {
                outcome = written(change_note(id.clone(), text).await);
            }
            known.try_update(|known| *known |= outcome.is_ok());
            let stands = match &outcome {
                Ok(_) => Standing::Saved,
                Err(words) => Standing::Not(words),
            };
            let is_left = standing.try_set(stands).is_some();
            if is_left && outcome.is_ok() {
                got_through(&id);
            }
            notes.said.try_set(outcome.map_or_else(|words| words, |_| "Saved."));
        });
    }
}

/// One row. An unsaved note says so, and offers to try again.
#[component]
pub(super) fn EntryRow(
    /// The page.
    notes: Notes,
    /// The note.
    entry: Entry,
) -> impl IntoView {
    let Entry {
        text,
        typed,
        standing,
        gone,
        ..
    } = entry;
    let changed = {
        let entry = entry.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            text.set(typed.get_untracked());
            entry.save(notes);
        }
    };
    let again = {
        let entry = entry.clone();
        move |_| entry.save(notes)
    };
    let not_saved = move || match standing.get() {
        Standing::Saved => None,
        Standing::Saving => Some("Saving…"),
        Standing::Not(words) => Some(words),
    };
    let of = entry.text.get_untracked().chars().take(40).collect::<String>();
    let remove = removing(notes, entry.clone());
    let Entry { id, changed_at, .. } = entry;
    let anchor = format!("note-{id}");
    view! {
        <li class="card note" id=anchor hidden=move || gone.get()>
            <p class="note-text">
                <bdi>{move || text.get()}</bdi>
            </p>
            <p class="note-standing">
                {move || not_saved().map_or_else(|| when(&changed_at), ToOwned::to_owned)}
                " "
                <button
                    type="button"
                    class="copy"
                    hidden=move || !matches!(standing.get(), Standing::Not(_))
                    on:click=again
                >
                    "Save again"
                </button>
            </p>
            <div class="note-actions">
                <details>
                    <summary class="copy">"Change" <span class="visually-hidden">{format!(": {of}")}</span></summary>
                    <form method="post" action=ChangeNote::url() on:submit=changed>
                        <input type="hidden" name="id" value=id.clone() />
                        <label>
                            <span class="visually-hidden">"Text of the note"</span>
                            <textarea
                                class="field"
                                name="text"
                                rows="4"
                                maxlength="4000"
                                required
                                prop:value=move || typed.get()
                                on:input:target=move |event| typed.set(event.target().value())
                            >
                                {textarea(&text.get_untracked())}
                            </textarea>
                        </label>
                        <button class="button">"Save the change"</button>
                    </form>
                </details>
                <form method="post" action=RemoveNote::url() on:submit=remove>
                    <input type="hidden" name="id" value=id />
                    <button class="copy">"Remove" <span class="visually-hidden">{format!(": {of}")}</span></button>
                </form>
            </div>
        </li>
    }
}

/// The row goes at once, and comes back if it could not be removed.
fn removing(notes: Notes, entry: Entry) -> impl Fn(SubmitEvent) + 'static {
    move |event| {
        event.prevent_default();
        let (id, gone, standing) = (entry.id.clone(), entry.gone, entry.standing);
        gone.set(true);
        notes.said.set("Removed.");
        spawn_local(async move {
            if let Err(words) = removed(&remove_note(id).await) {
                gone.try_set(false);
                standing.try_set(Standing::Not(words));
                notes.said.try_set(words);
            }
        });
    }
}

fn when(changed_at: &str) -> String {
    if changed_at.is_empty() {
        "Changed just now".to_owned()
    } else {
        format!("Changed {}", rfc3339_in_words(changed_at))
    }
}

/// The words for the result of a form without scripts, which stands in the page's address.
pub(super) fn said_without_scripts(word: &str) -> &'static str {
    match word {
        "added" | "changed" => "Saved.",
        "removed" => "Removed.",
        word => NotesRefusal::from_word(word).map_or("", refused),
    }
}

pub(super) fn refused(refusal: NotesRefusal) -> &'static str {
    match refusal {
        NotesRefusal::SessionEnded => "Not saved: your session ended meanwhile.",
        NotesRefusal::Empty => "Not saved: there is nothing in it.",
        NotesRefusal::TooLong => "Not saved: a note has at most 4,000 characters.",
        NotesRefusal::TooMany => "Not saved: there are as many notes as one person may have. Remove one first.",
        NotesRefusal::NotFound => "That note is not there any more: it was removed elsewhere.",
        NotesRefusal::Unavailable => "Not saved: notes cannot be kept just now. It stays here; try again in a moment.",
    }
}
