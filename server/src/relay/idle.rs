//! A body that does not move.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// Runs while a body is waited for, and not while nobody asks for more of it: a slow reader is
/// no fault of the writer.
#[derive(Debug)]
pub(super) struct Idle {
    limit: Duration,
    /// There from the first wait on: most bodies never wait.
    sleep: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
}

impl Idle {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            sleep: None,
            is_waiting: false,
        }
    }

    /// The body has moved.
    pub(super) fn moved(&mut self) {
        self.is_waiting = false;
    }

    /// The body has nothing. Ready: it has had nothing for too long.
    pub(super) fn poll_waiting(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        if !self.is_waiting {
            self.is_waiting = true;
            sleep.as_mut().reset(Instant::now() + self.limit);
        }
        sleep.as_mut().poll(context)
    }
}
