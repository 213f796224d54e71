//! One note, and the limits of its text.

use super::NotesRefusal;
use serde::{Deserialize, Serialize};

/// So many characters a note may have.
pub const NOTE_LIMIT: usize = 4000;

/// So many notes a person may have.
pub const NOTES_LIMIT: usize = 200;

/// One of a person's notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its name among the notes of its person: random, 32 hexadecimal digits.
    pub id: String,
    /// The person's text, with lines ended by `\n`.
    pub text: String,
    /// When it was written last: RFC 3339, UTC, whole seconds.
    pub changed_at: String,
}

/// The stored form of a typed text: a form ends its lines with `\r\n`, a script with
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
