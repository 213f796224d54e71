//! A person's notes: which there are, and writing, changing and removing them.

mod note;
mod refusal;

pub use note::{NOTE_LIMIT, NOTES_LIMIT, Note, note_text};
pub use refusal::NotesRefusal;

use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{ParkingClient, SessionClient};
use serde::{Deserialize, Serialize};

/// The server's operations on the notes of the person who sends the request. The server puts an
/// `Arc<dyn Notebook>` into the context of each signed-in request.
#[cfg(feature = "ssr")]
pub trait Notebook: Send + Sync {
    /// The notes, the one that was changed last first.
    fn notes(&self) -> super::BoxFuture<'_, Result<Vec<Note>, NotesRefusal>>;

    /// Writes a note under this id: 32 hexadecimal digits, or anything else for one that the
    /// server chooses. Where a note of this id stands, that one is the answer and nothing is written.
    fn add<'a>(&'a self, id: &'a str, text: &'a str) -> super::BoxFuture<'a, Result<Note, NotesRefusal>>;

    /// Gives a note another text.
    fn change<'a>(&'a self, id: &'a str, text: &'a str) -> super::BoxFuture<'a, Result<Note, NotesRefusal>>;

    /// Removes a note.
    fn remove<'a>(&'a self, id: &'a str) -> super::BoxFuture<'a, Result<(), NotesRefusal>>;

    /// Erases all of the person's notes. That there are none is no refusal.
    fn erase(&self) -> super::BoxFuture<'_, Result<(), super::EraseRefusal>>;
}

/// The list of notes: as JSON `{"notes": [..]}`, the one that was changed last
/// first, or `{"refusal": ..}` with the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the member of the JSON")]
pub enum NotesOutcome {
    Notes(Vec<Note>),
    Refusal(NotesRefusal),
}

/// The result of writing a note: as JSON `{"note": {..}}` with its new text, or `{"refusal": ..}`
/// with the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the member of the JSON")]
pub enum NoteOutcome {
    Note(Note),
    Refusal(NotesRefusal),
}

/// The result of removing a note: as JSON `{"removed": true}`, or `{"refusal": ..}` with the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the member of the JSON")]
pub enum RemoveOutcome {
    Removed(bool),
    Refusal(NotesRefusal),
}

/// The person's notes.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. A failure of the store is a [`NotesRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "list_notes", client = SessionClient)]
pub async fn list_notes() -> Result<NotesOutcome, Problem> {
    let outcome = notebook().notes().await;
    Ok(outcome.map_or_else(NotesOutcome::Refusal, NotesOutcome::Notes))
}

/// Writes a note. A call that is repeated with the same id writes nothing twice.
///
/// A form posted without JavaScript is answered with a redirect to `/notes?done=` and the outcome:
/// `added`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "add_note", client = ParkingClient)]
pub async fn add_note(
    /// The [`Note::id`] that the browser has chosen; empty: the server chooses.
    #[server(default)]
    id: String,
    /// The [`Note::text`].
    text: String,
) -> Result<NoteOutcome, Problem> {
    let outcome = notebook().add(&id, &text).await;
    answer_a_plain_form(outcome.as_ref().err(), "added");
    Ok(outcome.map_or_else(NoteOutcome::Refusal, NoteOutcome::Note))
}

/// Gives a note another text.
///
/// A form posted without JavaScript is answered with a redirect to `/notes?done=` and the outcome:
/// `changed`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "change_note", client = ParkingClient)]
pub async fn change_note(
    /// The [`Note::id`].
    id: String,
    /// The [`Note::text`] from now on.
    text: String,
) -> Result<NoteOutcome, Problem> {
    let outcome = notebook().change(&id, &text).await;
    answer_a_plain_form(outcome.as_ref().err(), "changed");
    Ok(outcome.map_or_else(NoteOutcome::Refusal, NoteOutcome::Note))
}

/// Removes a note.
///
/// A form posted without JavaScript is answered with a redirect to `/notes?done=` and the outcome:
/// `removed`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "remove_note", client = ParkingClient)]
pub async fn remove_note(
    /// The [`Note::id`].
    id: String,
) -> Result<RemoveOutcome, Problem> {
    let outcome = notebook().remove(&id).await;
    answer_a_plain_form(outcome.as_ref().err(), "removed");
    Ok(outcome.map_or_else(RemoveOutcome::Refusal, |()| RemoveOutcome::Removed(true)))
}

#[cfg(feature = "ssr")]
pub(super) fn notebook() -> std::sync::Arc<dyn Notebook> {
    expect_context()
}

#[cfg(feature = "ssr")]
fn answer_a_plain_form(refusal: Option<&NotesRefusal>, done: &'static str) {
    let word = refusal.map_or(done, |refusal| refusal.word());
    super::answer_a_plain_form(&format!("/notes?done={word}"));
}

#[cfg(test)]
mod tests;
