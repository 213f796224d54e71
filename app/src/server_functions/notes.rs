//! A person's notes: which there are, and writing, changing and removing them.

mod note;
mod refusal;

pub use note::{NOTE_LIMIT, NOTES_LIMIT, Note, note_text};
pub use refusal::NotesRefusal;

use leptos::prelude::*;
use leptos_bff::json;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the server does with the notes of the person whose request it is. The server puts an
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
}

/// JSON that is no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANotesOutcome;

impl std::fmt::Display for NotANotesOutcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this is not what came of asking for notes")
    }
}

impl std::error::Error for NotANotesOutcome {}

/// What came of asking for the notes: as JSON `{"notes": [..]}`, the one that was changed last
/// first, or `{"refusal": ..}` with the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct NotesOutcome(pub Result<Vec<Note>, NotesRefusal>);

impl From<NotesOutcome> for Value {
    fn from(NotesOutcome(outcome): NotesOutcome) -> Self {
        match outcome {
            Ok(notes) => json!({"notes": notes.into_iter().map(Self::from).collect::<Vec<_>>()}),
            Err(refusal) => refusal.into(),
        }
    }
}

impl TryFrom<Value> for NotesOutcome {
    type Error = NotANotesOutcome;

    fn try_from(mut json: Value) -> Result<Self, Self::Error> {
        if let Some(refusal) = NotesRefusal::of(&json) {
            return Ok(Self(Err(refusal)));
        }
        let Some(Value::Array(notes)) = json.get_mut("notes").map(Value::take) else {
            return Err(NotANotesOutcome);
        };
        let notes = notes.iter().map(Note::read).collect::<Option<_>>();
        Ok(Self(Ok(notes.ok_or(NotANotesOutcome)?)))
    }
}

impl json::Read for NotesOutcome {
    fn read(json: Value) -> Option<Self> {
        Self::try_from(json).ok()
    }
}

/// What came of writing a note: as JSON `{"note": {..}}` as it stands now, or `{"refusal": ..}`
/// with the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct NoteOutcome(pub Result<Note, NotesRefusal>);

impl From<NoteOutcome> for Value {
    fn from(NoteOutcome(outcome): NoteOutcome) -> Self {
        match outcome {
            Ok(note) => json!({"note": Self::from(note)}),
            Err(refusal) => refusal.into(),
        }
    }
}

impl TryFrom<Value> for NoteOutcome {
    type Error = NotANotesOutcome;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        match NotesRefusal::of(&json) {
            Some(refusal) => Ok(Self(Err(refusal))),
            None => json
                .get("note")
                .and_then(Note::read)
                .map(|note| Self(Ok(note)))
                .ok_or(NotANotesOutcome),
        }
    }
}

/// What came of removing a note: as JSON `{"removed": true}`, or `{"refusal": ..}` with the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct RemoveOutcome(pub Result<(), NotesRefusal>);

impl From<RemoveOutcome> for Value {
    fn from(RemoveOutcome(outcome): RemoveOutcome) -> Self {
        match outcome {
            Ok(()) => json!({"removed": true}),
            Err(refusal) => refusal.into(),
        }
    }
}

impl TryFrom<Value> for RemoveOutcome {
    type Error = NotANotesOutcome;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        match NotesRefusal::of(&json) {
            Some(refusal) => Ok(Self(Err(refusal))),
            None if json.get("removed").and_then(Value::as_bool) == Some(true) => Ok(Self(Ok(()))),
            None => Err(NotANotesOutcome),
        }
    }
}

/// The person's notes.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. What the store refuses is a [`NotesRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "list_notes")]
pub async fn list_notes() -> Result<NotesOutcome, Problem> {
    Ok(NotesOutcome(notebook().notes().await))
}

/// Writes a note. A call that is repeated with the same id writes nothing twice.
///
/// A form posted without JavaScript is answered with a redirect to `/notes?done=` and the outcome:
/// `added`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "add_note")]
pub async fn add_note(
    /// The [`Note::id`] that the browser has chosen; empty: the server chooses.
    #[server(default)]
    id: String,
    /// The [`Note::text`].
    text: String,
) -> Result<NoteOutcome, Problem> {
    let outcome = notebook().add(&id, &text).await;
    answer_a_plain_form(outcome.as_ref().err(), "added");
    Ok(NoteOutcome(outcome))
}

/// Gives a note another text.
///
/// A form posted without JavaScript is answered with a redirect to `/notes?done=` and the outcome:
/// `changed`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "change_note")]
pub async fn change_note(
    /// The [`Note::id`].
    id: String,
    /// The [`Note::text`] from now on.
    text: String,
) -> Result<NoteOutcome, Problem> {
    let outcome = notebook().change(&id, &text).await;
    answer_a_plain_form(outcome.as_ref().err(), "changed");
    Ok(NoteOutcome(outcome))
}

/// Removes a note.
///
/// A form posted without JavaScript is answered with a redirect to `/notes?done=` and the outcome:
/// `removed`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "remove_note")]
pub async fn remove_note(
    /// The [`Note::id`].
    id: String,
) -> Result<RemoveOutcome, Problem> {
    let outcome = notebook().remove(&id).await;
    answer_a_plain_form(outcome.as_ref().err(), "removed");
    Ok(RemoveOutcome(outcome))
}

#[cfg(feature = "ssr")]
fn notebook() -> std::sync::Arc<dyn Notebook> {
    expect_context()
}

#[cfg(feature = "ssr")]
fn answer_a_plain_form(refusal: Option<&NotesRefusal>, done: &'static str) {
    let word = refusal.map_or(done, |refusal| refusal.word());
    super::answer_a_plain_form(&format!("/notes?done={word}"));
}

#[cfg(test)]
mod tests;
