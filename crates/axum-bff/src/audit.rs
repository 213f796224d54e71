//! The audit: a record of each sign-in, each end of a session, each step-up, refusal, administration and start, apart from the
//! log. `docs/audit.schema.json` is the form of a record.
//!
//! The records are made of the [events](crate::Event) of this replica. No request waits for the target: an event goes into a
//! channel with a bound, and a task of its own writes the records. Where the channel is full, records are lost and counted,
//! and a record of the kind `lost` says how many. Events that somebody can cause at will take one half of the channel at most,
//! and those of strangers have a rate beside that, so that nobody can push out the records of people.
//!
//! A record waits until its target has it. A target that does not answer in time may have it nevertheless, and gets it again,
//! with the same `id`.

mod file;
mod http;
mod local;
mod record;
mod target;
mod writer;

pub(crate) use record::{Author, pseudonym, settings_digest};

use crate::config::{AuditSettings, AuditTarget};
use crate::events::Event;
use crate::in_flight::{InFlight, UnderWay};
use crate::rate::Rate;
use bff_clock::Clock;
use bff_session::key_ring::KeyRing;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use target::Target;
use tokio::sync::mpsc::{self, Sender};
use tokio::sync::watch;
use writer::Writer;

/// The number of records that may wait. A record has ten kilobytes at most, and mostly half of one.
const WAITING: usize = 4096;

/// How long the start waits for the first record to be on the disk.
const FIRST_RECORD: Duration = Duration::from_secs(10);

/// Why there is no audit.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuditError {
    /// The file cannot be opened or made.
    #[error("BFF_AUDIT: {} cannot be opened to append to it: {source}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: Arc<io::Error>,
    },
    /// Something at that path is neither a file nor a device.
    #[error("BFF_AUDIT: {} is a pipe; it has to be a file", .0.display())]
    Pipe(PathBuf),
    /// The first record cannot be written: the disk is full, or the reader of standard output has gone.
    #[error("BFF_AUDIT: the first record cannot be written: {0}")]
    Write(Arc<io::Error>),
    /// The first record was not written in ten seconds.
    #[error("BFF_AUDIT: the first record was not written in ten seconds")]
    Slow,
    /// The system has no thread for the file, or no signal to reopen it.
    #[error("BFF_AUDIT: the system refuses a thread or a signal: {0}")]
    System(Arc<io::Error>),
    /// There is no client for the collector.
    #[error("BFF_AUDIT: the client for the collector: {0}")]
    Client(Arc<reqwest::Error>),
}

/// The beginning of the audit.
#[derive(Clone, Debug)]
enum First {
    Waiting,
    Written,
    Failed(AuditError),
}

/// The way of events to the audit. Clones share everything.
#[derive(Clone)]
pub(crate) struct Audit {
    waiting: Sender<(Event, UnderWay)>,
    open: InFlight,
    lost: Arc<AtomicU64>,
    strangers: Rate,
    first: watch::Receiver<First>,
    ending: watch::Sender<bool>,
}

impl fmt::Debug for Audit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Audit").finish_non_exhaustive()
    }
}

impl Audit {
    /// The audit of these settings. `None`: they want none. Begins a task that ends with the last clone.
    pub(crate) fn start(
        settings: AuditSettings,
        keys: &Arc<KeyRing>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Option<Self>, AuditError> {
        if matches!(settings.target, AuditTarget::Off) {
            return Ok(None);
        }
        let author = Author::new(settings.subject, keys.clone());
        let target = Target::open(settings)?;
        Ok(Some(Self::to(target, author, clock)))
    }

    fn to(target: Target, author: Author, clock: &Arc<dyn Clock>) -> Self {
        let (waiting, arriving) = mpsc::channel(WAITING);
        // A collector that is away keeps nobody from signing in.
        let begun = if target.is_local() {
            First::Waiting
        } else {
            First::Written
        };
        let (tell_first, first) = watch::channel(begun);
        let (ending, ends) = watch::channel(false);
        let lost = Arc::new(AtomicU64::new(0));
        let writer = Writer::new((target, author), clock.clone(), lost.clone(), tell_first, ends);
        tokio::spawn(writer.run(arriving));
        Self {
            waiting,
            open: InFlight::default(),
            lost,
            strangers: Rate::of_strangers(clock.clone()),
            first,
            ending,
        }
    }

    /// Something has happened.
    pub(crate) fn tell(&self, event: Event) {
        let has_room = !event.is_caused_at_will() || self.waiting.capacity() > WAITING / 2 && self.is_in_turn(&event);
        let is_taken = has_room && self.waiting.try_send((event, self.open.begin())).is_ok();
        if !is_taken && self.lost.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!(
                code = "audit_lost",
                "records of the audit are lost from here on: too many wait, or strangers cause too many"
            );
        }
    }

    /// Whether strangers have not caused too many events. A person with a session has no such bound.
    fn is_in_turn(&self, event: &Event) -> bool {
        let address = event.cause.as_ref().and_then(|cause| cause.from.address);
        event.person.is_some() || self.strangers.take(address).is_ok()
    }

    /// Resolves when everything is written.
    pub(crate) async fn written(&self) {
        self.open.done().await;
    }

    /// Resolves when everything is written. From here on no pause between two attempts is long.
    pub(crate) async fn end(&self) {
        self.ending.send_replace(true);
        self.written().await;
    }

    /// How many records are not written yet.
    pub(crate) fn unwritten(&self) -> usize {
        self.open.count()
    }

    /// Whether a target on this machine took the first record.
    pub(crate) async fn first_written(&self) -> Result<(), AuditError> {
        let mut first = self.first.clone();
        let told = first.wait_for(|first| !matches!(first, First::Waiting));
        match tokio::time::timeout(FIRST_RECORD, told).await {
            Ok(Ok(first)) => match &*first {
                First::Failed(error) => Err(error.clone()),
                First::Waiting | First::Written => Ok(()),
            },
            // The task has gone.
            Ok(Err(_)) | Err(_) => Err(AuditError::Slow),
        }
    }
}

#[cfg(test)]
mod tests;
