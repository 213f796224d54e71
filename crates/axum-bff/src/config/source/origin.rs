//! The sources of the settings, and the state in which their files were read.

use super::{Own, SettingError, Source};
use crate::config::Config;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The ends of the names of settings that are paths of files with authorities, or with a certificate or its key. A secret whose
/// file is named has its content as the setting.
const PATHS: [&str; 5] = [
    "CA_FILE",
    "REDIS_CERTIFICATE_FILE",
    "REDIS_KEY_FILE",
    "TLS_CERTIFICATE_FILE",
    "TLS_KEY_FILE",
];

/// The sources of the settings, to read them again.
#[derive(Clone)]
pub(crate) struct Origin {
    own: Own,
    /// With the secrets in it that are variables: the settings are read from it again, because the environment of a process that runs
    /// does not change.
    environment: BTreeMap<String, String>,
    file: Option<PathBuf>,
    /// Every file that was read, in the state from before it was read.
    files: BTreeMap<PathBuf, Option<State>>,
    /// A digest of each setting, so that the content of a file is not kept. For a setting that is a path it covers the file.
    digests: BTreeMap<String, [u8; 32]>,
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Origin")
            .field("files", &self.files.keys())
            .finish_non_exhaustive()
    }
}

/// The state of a file. Links are followed: Kubernetes mounts a secret as a link, and changes the link's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    modified: Option<SystemTime>,
    length: u64,
    /// The number of the file, and when its name, its mode or its content last changed. Two quick writes may have the same
    /// time.
    inode: (u64, i64, i64),
}

impl State {
    fn of(path: &Path) -> Option<Self> {
        let file = std::fs::metadata(path).ok()?;
        Some(Self {
            modified: file.modified().ok(),
            length: file.len(),
            inode: inode(&file),
        })
    }
}

#[cfg(unix)]
fn inode(file: &std::fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (file.ino(), file.ctime(), file.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

impl Origin {
    pub(super) fn new(own: Own, file: Option<&Path>) -> Self {
        Self {
            own,
            environment: BTreeMap::new(),
            file: file.map(Path::to_owned),
            files: BTreeMap::new(),
            digests: BTreeMap::new(),
        }
    }

    /// This file is about to be read.
    pub(super) fn note(&mut self, path: &Path) {
        self.files.insert(path.to_owned(), State::of(path));
    }

    /// These are the variables, and all settings as text.
    pub(super) fn complete(&mut self, environment: BTreeMap<String, String>, settings: &BTreeMap<String, String>) {
        self.environment = environment;
        for (name, text) in settings {
            let mut digest = Sha256::new();
            digest.update(text.as_bytes());
            if PATHS.iter().any(|end| name.ends_with(end)) {
                let path = Path::new(text.trim());
                self.note(path);
                digest.update(std::fs::read(path).unwrap_or_default());
            }
            self.digests.insert(name.clone(), digest.finalize().into());
        }
    }

    /// Whether there is a file that can change.
    pub(crate) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether a file is in another state than before it was read.
    pub(crate) fn has_changed(&self) -> bool {
        self.files.iter().any(|(path, before)| State::of(path) != *before)
    }

    /// Reads all settings again, as at the start. A pipe or a device gives its content once at most, or makes its reader wait
    /// without an end.
    pub(crate) fn read(&self) -> Result<Config, Vec<SettingError>> {
        let is_odd = |path: &&PathBuf| std::fs::metadata(path).is_ok_and(|file| !file.is_file());
        let odd: Vec<SettingError> = self.files.keys().filter(is_odd).map(|path| self.odd(path)).collect();
        if !odd.is_empty() {
            return Err(odd);
        }
        let environment = self.environment.iter();
        let environment = environment.map(|(name, value)| (name.into(), value.into()));
        Config::read(Source::collect_of(self.own, environment, self.file.as_deref()))
    }

    fn odd(&self, path: &Path) -> SettingError {
        let mut variables = self.environment.iter();
        let named = variables.find(|(_, value)| Path::new(value.trim()) == path);
        SettingError {
            name: named.map_or("--config", |(name, _)| name.as_str()).to_owned(),
            problem: format!("{} is no regular file, so it is not read again", path.display()),
        }
    }

    /// The names of the settings that are different in `other`, or not set there or here.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.digests.keys().chain(other.digests.keys()).collect();
        names
            .into_iter()
            .filter(|name| self.digests.get(*name) != other.digests.get(*name))
            .cloned()
            .collect()
    }

    /// Whether the setting is set.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.digests.contains_key(name)
    }

    /// Takes over these settings of `other`, and the state of its files.
    pub(crate) fn take(&mut self, other: &Self, names: &[String]) {
        for name in names {
            if let Some(digest) = other.digests.get(name) {
                self.digests.insert(name.clone(), *digest);
            }
        }
        self.files.clone_from(&other.files);
    }
}
