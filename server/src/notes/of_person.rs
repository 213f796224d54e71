//! The notes of the signed-in person of a request.

use super::{NoteId, Notes, NotesError, WrittenNote};
use app::server_functions::{EraseRefusal, NOTES_LIMIT, Note, Notebook, NotesRefusal, note_text, rfc3339};
use async_trait::async_trait;
use bff_session::Identity;
use bff_session::store::StoreError;

/// The operations of the pages on the notes of one person.
#[derive(Debug)]
pub(crate) struct NotesOfPerson {
    pub(crate) person: Identity,
    pub(crate) notes: Notes,
}

#[async_trait]
impl Notebook for NotesOfPerson {
    async fn notes(&self) -> Result<Vec<Note>, NotesRefusal> {
        let notes = self.notes.of(&self.person).await.map_err(refusal)?;
        Ok(notes.into_iter().map(shown).collect())
    }

    async fn add(&self, id: &str, text: &str) -> Result<Note, NotesRefusal> {
        let text = note_text(text)?;
        let id = NoteId::parse(id).unwrap_or_else(NoteId::random);
        let added = self.notes.add(&self.person, id, text, NOTES_LIMIT).await;
        added.map(shown).map_err(refusal)
    }

    async fn change(&self, id: &str, text: &str) -> Result<Note, NotesRefusal> {
        let text = note_text(text)?;
        let id = NoteId::parse(id).ok_or(NotesRefusal::NotFound)?;
        let changed = self.notes.change(&self.person, id, text).await;
        changed.map(shown).map_err(refusal)
    }

    async fn remove(&self, id: &str) -> Result<(), NotesRefusal> {
        let id = NoteId::parse(id).ok_or(NotesRefusal::NotFound)?;
        self.notes.remove(&self.person, id).await.map_err(refusal)
    }

    async fn erase(&self) -> Result<(), EraseRefusal> {
        let erased = self.notes.erase(&self.person).await;
        erased.map_err(|error| {
            log(&error);
            EraseRefusal::Unavailable
        })
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
