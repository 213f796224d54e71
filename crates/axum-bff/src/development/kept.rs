//! The state that a development run leaves for the next, so that a restart signs nobody out: the session key, the
//! sessions, and the provider's key, tokens and sign-ins. Three files in one folder, for their owner alone. They hold
//! secrets of demo people.

use bff_clock::SystemClock;
use bff_session::key_ring::KeyRing;
use bff_session::store::MemoryStore;
use provider::{Provider, Snapshot};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

const SESSION_KEY: &str = "session-key";
const SESSIONS: &str = "sessions";
const PROVIDER: &str = "provider";

/// Why nothing can be kept.
#[derive(Debug, thiserror::Error)]
#[error("DEV_STATE: {}: {source}. DEV_STATE= keeps no state", path.display())]
pub struct KeptError {
    path: PathBuf,
    source: io::Error,
}

/// The kept state, and its folder.
pub(super) struct Kept {
    pub(super) folder: PathBuf,
    pub(super) session_key: String,
    pub(super) sessions: MemoryStore,
}

impl Kept {
    /// Reads the state of an earlier run from the folder, which is made if it is missing. Sessions without their key, or
    /// of another version, are dropped.
    pub(super) fn open(folder: &Path) -> Result<Self, KeptError> {
        let failed = |source| KeptError {
            path: folder.to_owned(),
            source,
        };
        make(folder).map_err(failed)?;
        let earlier = fs::read_to_string(folder.join(SESSION_KEY)).ok();
        let earlier = earlier.filter(|key| KeyRing::parse(key).is_ok());
        let clock = Arc::new(SystemClock);
        let (session_key, sessions) = if let Some(key) = earlier {
            let left = fs::read(folder.join(SESSIONS)).ok();
            (key, left.and_then(|left| MemoryStore::restored(&left, clock.clone())))
        } else {
            let key = KeyRing::new_key().to_string();
            write(folder, SESSION_KEY, key.as_bytes()).map_err(failed)?;
            (key, None)
        };
        Ok(Self {
            folder: folder.to_owned(),
            session_key,
            sessions: sessions.unwrap_or_else(|| MemoryStore::new(clock)),
        })
    }

    /// The state of the provider.
    pub(super) fn provider(&self) -> Option<Snapshot> {
        Snapshot::read(&fs::read(self.folder.join(PROVIDER)).ok()?)
    }

    /// Writes each change, for as long as the runtime lives, because a run may be killed.
    pub(super) fn follow(&self, provider: &Provider) {
        let sessions = self.sessions.clone();
        let snapshot = move || sessions.snapshot();
        tokio::spawn(followed(self.folder.clone(), SESSIONS, self.sessions.used(), snapshot));
        tokio::spawn(followed(
            self.folder.clone(),
            PROVIDER,
            provider.answered(),
            provider.snapshots(),
        ));
    }

    /// Writes everything to the folder. A failure is not reported: nobody is there any more to read it.
    pub(super) fn write_down(&self, provider: &Provider) {
        let _ = write(&self.folder, SESSIONS, &self.sessions.snapshot());
        let _ = write(&self.folder, PROVIDER, &provider.snapshot());
    }
}

async fn followed(
    folder: PathBuf,
    name: &'static str,
    changed: Arc<Notify>,
    snapshot: impl Fn() -> Vec<u8> + Send + 'static,
) {
    let mut written = Vec::new();
    loop {
        changed.notified().await;
        let now = snapshot();
        if now == written {
            continue;
        }
        match write(&folder, name, &now) {
            Ok(()) => written = now,
            Err(error) => {
                tracing::warn!(
                    code = "development_state_unwritten",
                    name,
                    %error,
                    "the state was not written: a restart will sign people out"
                );
            }
        }
    }
}

/// In one step: a run that is killed leaves the file of before.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    static WRITING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let new = folder.join(format!("{name}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(bytes)?;
    fs::rename(new, folder.join(name))
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
