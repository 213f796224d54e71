//! Every entry of a list of keys, judged: for an operator, who wants to know of all faults at once.

use super::KeyRing;
use super::key::Key;

/// What an entry of a list of keys is. No variant holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFinding {
    /// A key.
    Good,
    /// A key that does not look drawn at random.
    Weak,
    /// Not the base64 form of 32 bytes.
    NotAKey,
    /// A key that stands in the list already.
    Repeated,
}

impl KeyFinding {
    /// Whether a ring is made with such an entry.
    #[must_use]
    pub fn is_a_key(self) -> bool {
        matches!(self, Self::Good | Self::Weak)
    }
}

impl KeyRing {
    /// Judges each entry of a list, in its order. Of a list without a fault, the first key seals, and all keys open.
    #[must_use]
    pub fn check(list: &str) -> Vec<KeyFinding> {
        let mut known = Vec::new();
        let judge = |entry: &str| {
            let Some(key) = Key::parse(entry) else {
                return KeyFinding::NotAKey;
            };
            if known.contains(&key.id()) {
                return KeyFinding::Repeated;
            }
            known.push(key.id());
            if key.is_weak() {
                KeyFinding::Weak
            } else {
                KeyFinding::Good
            }
        };
        super::entries(list).map(judge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_of_a_list_is_judged_and_a_ring_is_made_where_all_are_keys() {
        let (one, two) = (KeyRing::new_key(), KeyRing::new_key());
        let weak = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE";
        let list = format!("{}, nonsense\n{} {weak} {}", *one, *two, *one);
        let found = KeyRing::check(&list);
        assert_eq!(
            found,
            [
                KeyFinding::Good,
                KeyFinding::NotAKey,
                KeyFinding::Good,
                KeyFinding::Weak,
                KeyFinding::Repeated
            ]
        );
        assert!(KeyRing::check(" ,\n").is_empty());
        for list in [list.as_str(), &format!("{} {weak}", *one), ""] {
            let found = KeyRing::check(list);
            let are_keys = !found.is_empty() && found.into_iter().all(KeyFinding::is_a_key);
            assert_eq!(KeyRing::parse(list).is_ok(), are_keys, "{list}");
        }
    }
}
