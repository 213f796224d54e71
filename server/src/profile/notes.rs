//! This person's notes.

use super::SignedIn;
use crate::notes::{NoteId, NotesError, WrittenNote};
use app::server_functions::{BoxFuture, EraseRefusal, NOTES_LIMIT, Note, Notebook, NotesRefusal, note_text};
use bff_session::store::StoreError;

impl SignedIn {
    async fn all_notes(&self) -> Result<Vec<Note>, NotesRefusal> {
        let notes = self.notes.of(self.session.identity()).await.map_err(refusal)?;
        Ok(notes.into_iter().map(shown).collect())
    }

    async fn add_note(&self, id: &str, text: &str) -> Result<Note, NotesRefusal> {
        let text = note_text(text)?;
        let id = NoteId::parse(id).unwrap_or_else(NoteId::random);
        let added = self.notes.add(self.session.identity(), id, text, NOTES_LIMIT).await;
        added.map(shown).map_err(refusal)
    }

    async fn change_note(&self, id: &str, text: &str) -> Result<Note, NotesRefusal> {
        let text = note_text(text)?;
        let id = NoteId::parse(id).ok_or(NotesRefusal::NotFound)?;
        let changed = self.notes.change(self.session.identity(), id, text).await;
        changed.map(shown).map_err(refusal)
    }

    async fn remove_note(&self, id: &str) -> Result<(), NotesRefusal> {
        let id = NoteId::parse(id).ok_or(NotesRefusal::NotFound)?;
        self.notes.remove(self.session.identity(), id).await.map_err(refusal)
    }

    pub(super) async fn erase_all_notes(&self) -> Result<(), EraseRefusal> {
        let erased = self.notes.erase(self.session.identity()).await;
        erased.map_err(|error| {
            log(&error);
            EraseRefusal::Unavailable
        })
    }
}

impl Notebook for SignedIn {
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
}

fn shown(note: WrittenNote) -> Note {
    Note {
        id: note.id.to_string(),
        text: note.text,
        changed_at: super::rfc3339(note.changed_at),
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
