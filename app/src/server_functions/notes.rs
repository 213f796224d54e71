//! A person's notes: which there are, and writing, changing and removing them.

mod note;

pub use note::{NOTE_LIMIT, NOTES_LIMIT, Note, note_text};

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{ParkingClient, SessionClient};

refusals! {
    /// Why notes were not listed or not written.
    NotesRefusal {
        /// The session that asks has ended meanwhile.
        SessionEnded = "session_ended",
        /// There is nothing but white space in it.
        Empty = "empty",
        /// It is longer than [`NOTE_LIMIT`].
        TooLong = "too_long",
        /// The person has [`NOTES_LIMIT`] notes.
        TooMany = "too_many",
        /// This person has no such note, or has none any more.
        NotFound = "not_found",
        /// The store did not answer as it should; later may work, and nothing is lost.
        Unavailable = "unavailable",
    }
}

/// The server's operations on the notes of the person who sends the request. The server puts an
/// `Arc<dyn Notebook>` into the context of each signed-in request.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Notebook: Send + Sync {
    /// The notes, the one that was changed last first.
    async fn notes(&self) -> Result<Vec<Note>, NotesRefusal>;

    /// Writes a note under this id: 32 hexadecimal digits, or anything else for one that the
    /// server chooses. Where a note of this id stands, that one is the answer and nothing is written.
    async fn add(&self, id: &str, text: &str) -> Result<Note, NotesRefusal>;

    /// Gives a note another text.
    async fn change(&self, id: &str, text: &str) -> Result<Note, NotesRefusal>;

    /// Removes a note.
    async fn remove(&self, id: &str) -> Result<(), NotesRefusal>;

    /// Erases all of the person's notes. That there are none is no refusal.
    async fn erase(&self) -> Result<(), super::EraseRefusal>;
}

/// The person's notes, the one that was changed last first.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. A failure of the store is a [`NotesRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "list_notes", client = SessionClient)]
pub async fn list_notes() -> Result<Outcome<Vec<Note>, NotesRefusal>, Problem> {
    Ok(notebook().notes().await.into())
}

/// How many notes the person has.
///
/// # Errors
///
/// As [`list_notes`].
#[server(prefix = "/_fn", endpoint = "count_notes", client = SessionClient)]
pub async fn count_notes() -> Result<Outcome<usize, NotesRefusal>, Problem> {
    Ok(notebook().notes().await.map(|notes| notes.len()).into())
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
) -> Result<Outcome<Note, NotesRefusal>, Problem> {
    let outcome = notebook().add(&id, &text).await;
    answer_a_plain_form(outcome.as_ref().err(), "added");
    Ok(outcome.into())
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
) -> Result<Outcome<Note, NotesRefusal>, Problem> {
    let outcome = notebook().change(&id, &text).await;
    answer_a_plain_form(outcome.as_ref().err(), "changed");
    Ok(outcome.into())
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
) -> Result<Outcome<(), NotesRefusal>, Problem> {
    let outcome = notebook().remove(&id).await;
    answer_a_plain_form(outcome.as_ref().err(), "removed");
    Ok(outcome.into())
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
