//! Sends changes to the server, and puts the result of each into words.

use super::entry::{Entry, Standing};
use super::unsaved::got_through;
use super::{Notes, UNDO};
use crate::components::{Said, focus_on};
use crate::server_functions::{Note, NotesRefusal, Outcome, add_note, change_note, remove_note};
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
            let said = outcome.map_or_else(Said::Failed, |_| Said::Done("Saved."));
            notes.said.try_set(said);
        });
    }

    /// Removes it. The row goes at once, and comes back if it could not be removed, or if that is undone.
    pub(super) fn remove(&self, notes: Notes) {
        let entry = self.clone();
        entry.gone.set(true);
        entry.leaves.set(true);
        notes.removed.set(Some(entry.clone()));
        notes.said.set(Said::Done("Deleted."));
        // The button that had the focus is hidden: the next Tab begins at the one that undoes.
        request_animation_frame(|| focus_on(UNDO));
        spawn_local(async move {
            let outcome = removed(&remove_note(entry.id.clone()).await);
            entry.leaves.try_set(false);
            match outcome {
                // It was undone meanwhile.
                Ok(()) if entry.gone.try_get_untracked() == Some(false) => entry.put_back(notes),
                // The page is still there.
                Err(words) if entry.gone.try_set(false).is_none() => {
                    entry.standing.set(Standing::Not(words));
                    notes.said.set(Said::Failed(words));
                    if notes.forget_removal(&entry) {
                        entry.focus();
                    }
                }
                Ok(()) | Err(_) => {}
            }
        });
    }

    /// Undoes the removal: the note is written once more, under its own id.
    pub(super) fn restore(&self, notes: Notes) {
        self.gone.set(false);
        // Not while it is being removed: the server would find it there still, and remove it then.
        if !self.leaves.get_untracked() {
            self.put_back(notes);
        }
        self.focus();
    }

    fn put_back(&self, notes: Notes) {
        self.known.try_set(false);
        self.save(notes);
    }

    /// Gives its row the focus, once it is shown.
    fn focus(&self) {
        let button = self.change_button();
        request_animation_frame(move || focus_on(&button));
    }
}

/// The message about the result of a form without scripts, which stands in the page's address.
pub(super) fn said_without_scripts(word: &str) -> Said {
    match word {
        "added" | "changed" => Said::Done("Saved."),
        "removed" => Said::Done("Deleted."),
        word => NotesRefusal::from_word(word).map_or(Said::Nothing, |refusal| Said::Failed(refused(refusal))),
    }
}

fn refused(refusal: NotesRefusal) -> &'static str {
    match refusal {
        NotesRefusal::SessionEnded => "Not saved: your session ended meanwhile.",
        NotesRefusal::Empty => "Not saved: there is nothing in it.",
        NotesRefusal::TooLong => "Not saved: a note has at most 4,000 characters.",
        NotesRefusal::TooMany => "Not saved: there are as many notes as one person may have. Delete one first.",
        NotesRefusal::NotFound => "That note is not there any more: it was deleted elsewhere.",
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
        Err(_) => Err("Nobody knows whether it was deleted: try again."),
    }
}
