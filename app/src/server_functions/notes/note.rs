//! One note, and what may stand in it.

use super::NotesRefusal;
use serde_json::{Value, json};

/// So many characters a note may have.
pub const NOTE_LIMIT: usize = 4000;

/// So many notes a person may have.
pub const NOTES_LIMIT: usize = 200;

/// One of a person's notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What names it among the notes of its person: random, 32 hexadecimal digits.
    pub id: String,
    /// What the person has written, with lines ended by `\n`.
    pub text: String,
    /// When it was written last: RFC 3339, UTC, whole seconds.
    pub changed_at: String,
}

impl From<Note> for Value {
    fn from(note: Note) -> Self {
        json!({"id": note.id, "text": note.text, "changed_at": note.changed_at})
    }
}

impl Note {
    /// Reads what was written; None if a member is missing or of another type.
    pub(super) fn read(json: &Value) -> Option<Self> {
        let text = |member: &str| json.get(member)?.as_str().map(ToOwned::to_owned);
        Some(Self {
            id: text("id")?,
            text: text("text")?,
            changed_at: text("changed_at")?,
        })
    }
}

/// What is kept of a text that somebody has typed: a form ends its lines with `\r\n`, a script with
/// `\n`, and both mean the same.
///
/// # Errors
///
/// [`NotesRefusal::Empty`] and [`NotesRefusal::TooLong`].
pub fn note_text(typed: &str) -> Result<String, NotesRefusal> {
    let text = typed.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return Err(NotesRefusal::Empty);
    }
    if text.chars().count() > NOTE_LIMIT {
        return Err(NotesRefusal::TooLong);
    }
    Ok(text)
}
