//! How much is under way that a process should not end over.

use tokio::sync::watch;

/// One thing under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Open(watch::Sender<usize>);

impl Open {
    pub(crate) fn new(count: &watch::Sender<usize>) -> Self {
        count.send_modify(|open| *open += 1);
        Self(count.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}
