//! Other keys for a ring in use.

use super::{Key, KeyRing};

/// The difference that other keys make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplacedKeys {
    /// How many keys of before are gone. Nothing that they sealed opens any more.
    pub removed: usize,
    /// Whether the key that seals now was not in the ring before. A replica that does not have it yet opens nothing that
    /// this one seals.
    pub seals_with_unknown: bool,
}

impl KeyRing {
    /// Takes the keys of `other` in place of the keys of now. An operation under way ends with the keys that it began with.
    pub fn replace(&self, other: Self) -> ReplacedKeys {
        let after = other.0.into_inner();
        let before = self.0.swap(after.clone());
        ReplacedKeys {
            removed: before.all().map(Key::id).filter(|id| after.key(*id).is_none()).count(),
            seals_with_unknown: before.key(after.first.id()).is_none(),
        }
    }
}
