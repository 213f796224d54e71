//! Something that has to move within a time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// Runs while something is waited for, and not while nobody waits: a slow reader is no fault of the writer.
#[derive(Debug)]
pub(crate) struct Idle {
    limit: Duration,
    /// There from the first wait on: most things never wait.
    sleep: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
}

impl Idle {
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            sleep: None,
            is_waiting: false,
        }
    }

    /// It has moved.
    pub(crate) fn moved(&mut self) {
        self.is_waiting = false;
    }

    /// It does not move. Ready: it has not moved for too long.
    pub(crate) fn poll_waiting(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        if !self.is_waiting {
            self.is_waiting = true;
            sleep.as_mut().reset(Instant::now() + self.limit);
        }
        sleep.as_mut().poll(context)
    }
}
