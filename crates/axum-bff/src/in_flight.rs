//! Work under way that a process should not end over.

use tokio::sync::watch;

/// Counts it. Clones share the count.
#[derive(Clone, Debug)]
pub(crate) struct InFlight(watch::Sender<usize>);

/// One piece of work, under way until it is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay(watch::Sender<usize>);

impl Default for InFlight {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl InFlight {
    /// Counts one more piece.
    pub(crate) fn begin(&self) -> UnderWay {
        self.0.send_modify(|open| *open += 1);
        UnderWay(self.0.clone())
    }

    /// How many pieces are under way.
    pub(crate) fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Resolves when nothing is under way.
    pub(crate) async fn done(&self) {
        let mut open = self.0.subscribe();
        // The sender is this value.
        let _ = open.wait_for(|open| *open == 0).await;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}
