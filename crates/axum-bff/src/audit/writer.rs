//! The task that writes the records: in batches, in their order, again and again until the target has them.

use super::record::Author;
use super::target::{Target, WriteError};
use super::{AuditError, First};
use crate::error::chain;
use crate::events::Event;
use crate::in_flight::UnderWay;
use bff_clock::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::sync::watch;

/// So many records go to the target at once.
const BATCH: usize = 128;

/// The pause after the first failure. It doubles with each one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The pause while the server ends.
const LAST_PAUSE: Duration = Duration::from_millis(200);

/// A record on its way. It counts as unwritten until it is dropped.
struct Line {
    text: Arc<str>,
    _open: Option<UnderWay>,
}

/// The task.
pub(super) struct Writer {
    target: Target,
    author: Author,
    clock: Arc<dyn Clock>,
    lost: Arc<AtomicU64>,
    first: watch::Sender<First>,
    ends: watch::Receiver<bool>,
    /// The records that a batch may have at present.
    limit: usize,
    pause: Duration,
    is_failing: bool,
}

impl Writer {
    pub(super) fn new(
        (target, author): (Target, Author),
        clock: Arc<dyn Clock>,
        lost: Arc<AtomicU64>,
        first: watch::Sender<First>,
        ends: watch::Receiver<bool>,
    ) -> Self {
        Self {
            target,
            author,
            clock,
            lost,
            first,
            ends,
            limit: BATCH,
            pause: FIRST_PAUSE,
            is_failing: false,
        }
    }

    pub(super) async fn run(mut self, mut arriving: Receiver<(Event, UnderWay)>) {
        let mut events = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                count = arriving.recv_many(&mut events, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    let lines = self.lines(&mut events);
                    self.deliver(lines).await;
                }
                () = self.target.reopened() => {}
            }
        }
    }

    /// The records of these events, after the record of a loss.
    fn lines(&self, events: &mut Vec<(Event, UnderWay)>) -> Vec<Line> {
        let mut lines = Vec::with_capacity(events.len() + 1);
        let count = self.lost.swap(0, Ordering::Relaxed);
        if count > 0 {
            tracing::error!(code = "audit_lost", count, "records of the audit were lost");
            lines.push(Line {
                text: self.author.line(&Event::lost(count, self.clock.now())),
                _open: None,
            });
        }
        lines.extend(events.drain(..).map(|(event, open)| Line {
            text: self.author.line(&event),
            _open: Some(open),
        }));
        lines
    }

    async fn deliver(&mut self, mut lines: Vec<Line>) {
        while !lines.is_empty() {
            let size = self.limit.min(lines.len());
            let batch = lines[..size].iter().map(|line| line.text.clone()).collect();
            match self.target.write(batch).await {
                Ok(()) => {
                    lines.drain(..size);
                    self.succeeded();
                }
                Err((_, error)) if error.is_for_good() => self.refused(&mut lines, size, &error),
                Err((written, error)) => {
                    lines.drain(..written.min(size));
                    self.failed(&error);
                    self.rest().await;
                }
            }
        }
    }

    fn succeeded(&mut self) {
        self.first.send_if_modified(|first| {
            let is_first = matches!(first, First::Waiting);
            if is_first {
                *first = First::Written;
            }
            is_first
        });
        (self.limit, self.pause) = (BATCH, FIRST_PAUSE);
        if std::mem::take(&mut self.is_failing) {
            tracing::info!(
                code = "audit_target_back",
                "the target of the audit takes records again"
            );
        }
    }

    /// The collector does not want this batch, and never will. Smaller ones show which record is to blame. That record is lost.
    fn refused(&mut self, lines: &mut Vec<Line>, size: usize, error: &WriteError) {
        if size > 1 {
            self.limit = size / 2;
            return;
        }
        tracing::error!(
            code = "audit_record_refused",
            cause = chain(error),
            "the target of the audit refuses a record: it is lost"
        );
        self.lost.fetch_add(1, Ordering::Relaxed);
        lines.remove(0);
        self.limit = BATCH;
    }

    fn failed(&mut self, error: &WriteError) {
        let is_first = matches!(*self.first.borrow(), First::Waiting);
        if let (true, WriteError::Io(io)) = (is_first, error) {
            let error = std::io::Error::new(io.kind(), io.to_string());
            self.first
                .send_replace(First::Failed(AuditError::Write(Arc::new(error))));
        }
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::error!(
                code = "audit_target_failed",
                cause = chain(error),
                "the target of the audit takes no records: they wait"
            );
        }
    }

    /// Waits before the next attempt: not long, where the server ends.
    async fn rest(&mut self) {
        let longer = (self.pause * 2).min(LONGEST_PAUSE);
        let pause = std::mem::replace(&mut self.pause, longer);
        let is_ending = *self.ends.borrow();
        if is_ending {
            tokio::time::sleep(LAST_PAUSE).await;
            return;
        }
        let mut ends = self.ends.clone();
        let ended = async {
            let is_told = ends.wait_for(|ends| *ends).await.is_ok();
            if !is_told {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = self.clock.sleep_until(self.clock.now() + pause) => {}
            () = ended => {}
        }
    }
}
