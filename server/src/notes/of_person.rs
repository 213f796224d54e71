//! The notes of the signed-in person of a request.

use super::{NoteId, Notes, NotesError, WrittenNote};
use app::server_functions::{BoxFuture, EraseRefusal, NOTES_LIMIT, Note, Notebook, NotesRefusal, note_text, rfc3339};
use bff_session::Identity;
use bff_session::store::StoreError;

/// The operations of the pages on the notes of one person.
#[derive(Debug)]
pub(crate) struct NotesOfPerson {
    pub(crate) person: Identity,
    pub(crate) notes: Notes,
}

impl NotesOfPerson {
    async fn all_notes(&self) -> Result<Vec<Note>, NotesRefusal> {
        let notes = self.notes.of(&self.person).await.map_err(refusal)?;
        Ok(notes.into_iter().map(shown).collect())
    }

    async fn add_note(&self, id: &str, text: &str) -> Result<Note, NotesRefusal> {
        let text = note_text(text)?;
        let id = NoteId::parse(id).unwrap_or_else(NoteId::random);
        let added = self.notes.add(&self.person, id, text, NOTES_LIMIT).await;
        added.map(shown).map_err(refusal)
    }

    async fn change_note(&self, id: &str, text: &str) -> Result<Note, NotesRefusal> {
        let text = note_text(text)?;
        let id = NoteId::parse(id).ok_or(NotesRefusal::NotFound)?;
        let changed = self.notes.change(&self.person, id, text).await;
        changed.map(shown).map_err(refusal)
    }

    async fn remove_note(&self, id: &str) -> Result<(), NotesRefusal> {
        let id = NoteId::parse(id).ok_or(NotesRefusal::NotFound)?;
        self.notes.remove(&self.person, id).await.map_err(refusal)
    }

    async fn erase_notes(&self) -> Result<(), EraseRefusal> {
        let erased = self.notes.erase(&self.person).await;
        erased.map_err(|error| {
            log(&error);
            EraseRefusal::Unavailable
        })
    }
}

impl Notebook for NotesOfPerson {
    fn notes(&self) -> BoxFuture<'_, Result<Vec<Note>, NotesRefusal>> {
        Box::pin(self.all_notes())
    }

    fn add<'a>(&'a self, id: &'a str, text: &'a str) -> BoxFuture<'a, Result<Note, NotesRefusal>> {
        Box::pin(self.add_note(id, text))
    }

    fn change<'a>(&'a self, id: &'a str, text: &'a str) -> BoxFuture<'a, Result<Note, NotesRefusal>> {
        Box::pin(self.change_note(id, text))
    }

    fn remove<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), NotesRefusal>> {
        Box::pin(self.remove_note(id))
    }

    fn erase(&self) -> BoxFuture<'_, Result<(), EraseRefusal>> {
        Box::pin(self.erase_notes())
    }
}

fn shown(note: WrittenNote) -> Note {
    Note {
        id: note.id.to_string(),
        text: note.text,
        changed_at: rfc3339(note.changed_at),
    }
}

fn refusal(error: NotesError) -> NotesRefusal {
    match error {
        NotesError::NotFound => NotesRefusal::NotFound,
        NotesError::TooMany => NotesRefusal::TooMany,
        NotesError::Store(error) => {
            log(&error);
            NotesRefusal::Unavailable
        }
    }
}

fn log(error: &StoreError) {
    tracing::warn!(code = error.code(), cause = ?error, "a person's notes cannot be reached");
}
