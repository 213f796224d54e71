//! Sends changes to the server, and puts the result of each into words.

use super::Notes;
use super::entry::{Entry, Standing};
use super::unsaved::got_through;
use crate::server_functions::{Note, NotesRefusal, Outcome, add_note, change_note, remove_note};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_bff::problem::Problem;

impl Entry {
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

/// The row goes at once, and comes back if it could not be removed.
pub(super) fn removing(notes: Notes, entry: Entry) -> impl Fn(SubmitEvent) + 'static {
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

/// The words for the result of a form without scripts, which stands in the page's address.
pub(super) fn said_without_scripts(word: &str) -> &'static str {
    match word {
        "added" | "changed" => "Saved.",
        "removed" => "Removed.",
        word => NotesRefusal::from_word(word).map_or("", refused),
    }
}

fn refused(refusal: NotesRefusal) -> &'static str {
    match refusal {
        NotesRefusal::SessionEnded => "Not saved: your session ended meanwhile.",
        NotesRefusal::Empty => "Not saved: there is nothing in it.",
        NotesRefusal::TooLong => "Not saved: a note has at most 4,000 characters.",
        NotesRefusal::TooMany => "Not saved: there are as many notes as one person may have. Remove one first.",
        NotesRefusal::NotFound => "That note is not there any more: it was removed elsewhere.",
        NotesRefusal::Unavailable => "Not saved: notes cannot be kept just now. It stays here; try again in a moment.",
    }
}

/// The text for a note when the server's answer is missing.
const UNANSWERED: &str = "Not saved: the server did not answer as it should. It stays here; try again.";

/// The note as it stands after it was written; or in words why it was not taken.
fn written(answer: Result<Outcome<Note, NotesRefusal>, Problem>) -> Result<Note, &'static str> {
    match answer {
        Ok(Outcome::Done(note)) => Ok(note),
        Ok(Outcome::Refusal(refusal)) => Err(refused(refusal)),
        Err(_) => Err(UNANSWERED),
    }
}

/// Whether a note was removed, or in words why not. One that is gone already is removed.
fn removed(answer: &Result<Outcome<(), NotesRefusal>, Problem>) -> Result<(), &'static str> {
    match answer {
        Ok(Outcome::Done(()) | Outcome::Refusal(NotesRefusal::NotFound)) => Ok(()),
        Ok(Outcome::Refusal(refusal)) => Err(refused(*refusal)),
        Err(_) => Err("Nobody knows whether it was removed: try again."),
    }
}
