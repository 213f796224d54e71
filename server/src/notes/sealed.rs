//! A note, and its sealed form.

use bff_session::key_ring::{self, KeyRing, Purpose};
use serde::{Deserialize, Serialize};
use std::fmt;
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// Names a note among those of its person. As text: 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteId([u8; 16]);

impl NoteId {
    /// A random one.
    #[must_use]
    pub fn random() -> Self {
        Self(key_ring::random())
    }

    /// Reads one. None for anything but 32 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|id| Self(id.to_be_bytes()))
    }
}

impl fmt::Display for NoteId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A note as its person wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenNote {
    /// Its name.
    pub id: NoteId,
    /// Its text.
    pub text: String,
    /// When it was written last.
    pub changed_at: OffsetDateTime,
}

impl fmt::Debug for WrittenNote {
    /// Without the text: it is nobody's business.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WrittenNote")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The sealed content: `MessagePack`, with names of one letter, as in the records of sessions.
#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(rename = "t")]
    text: String,
    #[serde(rename = "c", with = "time::serde::timestamp")]
    changed_at: OffsetDateTime,
}

impl WrittenNote {
    /// Sealed for its place and its id.
    pub(super) fn seal(&self, keys: &KeyRing, place: &Id) -> Vec<u8> {
        let content = Content {
            text: self.text.clone(),
            changed_at: self.changed_at,
        };
        let plaintext = rmp_serde::to_vec_named(&content).expect("a struct with string keys");
        keys.seal(Purpose::Application, &context(place, self.id), &plaintext)
    }

    /// Opens a note that was sealed for this place and this id. `None` for anything else.
    pub(super) fn open(keys: &KeyRing, place: &Id, id: NoteId, sealed: &[u8]) -> Option<Self> {
        let opened = keys.open(Purpose::Application, &context(place, id), sealed).ok()?;
        let Content { text, changed_at } = rmp_serde::from_slice(&opened.plaintext).ok()?;
        Some(Self { id, text, changed_at })
    }
}

fn context(place: &Id, NoteId(id): NoteId) -> [u8; 32] {
    let mut context = [0; 32];
    context[..16].copy_from_slice(&place.0.to_le_bytes());
    context[16..].copy_from_slice(&id);
    context
}
