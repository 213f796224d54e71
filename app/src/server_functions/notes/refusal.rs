//! Why something was not done with a note.

use serde::{Deserialize, Serialize};

/// Why notes were not listed or not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotesRefusal {
    /// The session that asks has ended meanwhile.
    SessionEnded,
    /// There is nothing but white space in it.
    Empty,
    /// It is longer than [`NOTE_LIMIT`](super::NOTE_LIMIT).
    TooLong,
    /// The person has [`NOTES_LIMIT`](super::NOTES_LIMIT) notes.
    TooMany,
    /// This person has no such note, or has none any more.
    NotFound,
    /// The store did not answer as it should; later may work, and nothing is lost.
    Unavailable,
}

impl NotesRefusal {
    /// Every refusal.
    pub const ALL: [Self; 6] = [
        Self::SessionEnded,
        Self::Empty,
        Self::TooLong,
        Self::TooMany,
        Self::NotFound,
        Self::Unavailable,
    ];

    /// The refusal that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.word() == word)
    }

    /// The word that stands for it in JSON and in a page's address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::NotFound => "not_found",
            Self::Unavailable => "unavailable",
        }
    }
}
