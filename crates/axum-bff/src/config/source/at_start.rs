//! The settings at the start, for the audit: names, and a digest.

use super::Source;
use sha2::{Digest, Sha256};

/// Which settings are set. No value is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsAtStart {
    /// The names, in the order of the alphabet.
    pub names: Vec<String>,
    /// The SHA-256 digest of the settings that are no secrets. It leaves the process only under a key.
    pub values: [u8; 32],
}

impl Source {
    /// The settings that are set, as the audit tells of them.
    pub(crate) fn at_start(&self) -> SettingsAtStart {
        let mut digest = Sha256::new();
        for (name, value) in &self.values {
            if self.find(name).is_none_or(|setting| setting.secret) {
                continue;
            }
            for part in [name, value] {
                // With its length, so that no two lists of settings have the same bytes.
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part.as_bytes());
            }
        }
        SettingsAtStart {
            names: self.values.keys().cloned().collect(),
            values: digest.finalize().into(),
        }
    }
}
