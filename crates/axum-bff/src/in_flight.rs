//! How much is under way that a process should not end over.

use tokio::sync::watch;

/// One thing under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight(watch::Sender<usize>);

impl InFlight {
    pub(crate) fn new(count: &watch::Sender<usize>) -> Self {
        count.send_modify(|open| *open += 1);
        Self(count.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}
