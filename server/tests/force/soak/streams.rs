//! Pages that stay open: each has a stream of events, and opens it again when it ends, as browsers do.

use crate::front::Front;
use crate::visitor::Visitor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// How long a browser waits before it opens a stream again.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Counts {
    open: AtomicUsize,
    again: AtomicUsize,
}

pub(super) struct Streams {
    tasks: JoinSet<()>,
    counts: Arc<Counts>,
}

/// How the streams went.
pub(super) struct Opened {
    pub(super) streams: usize,
    pub(super) again: usize,
}

impl Streams {
    /// Opens a stream for each of these visitors.
    pub(super) fn open(front: &Arc<Front>, visitors: &[Visitor]) -> Self {
        let counts = Arc::<Counts>::default();
        let mut tasks = JoinSet::new();
        for visitor in visitors {
            let (front, visitor, counts) = (front.clone(), visitor.clone(), counts.clone());
            tasks.spawn(async move {
                loop {
                    read(&front, &visitor, &counts).await;
                    counts.again.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(PAUSE).await;
                }
            });
        }
        Self { tasks, counts }
    }

    pub(super) fn open_now(&self) -> usize {
        self.counts.open.load(Ordering::Relaxed)
    }

    /// Closes all streams.
    pub(super) async fn close(mut self) -> Opened {
        let streams = self.tasks.len();
        self.tasks.shutdown().await;
        Opened {
            streams,
            again: self.counts.again.load(Ordering::Relaxed),
        }
    }
}

/// Reads one stream to its end.
async fn read(front: &Front, visitor: &Visitor, counts: &Counts) {
    let Ok(mut stream) = visitor.events(front).await else {
        return;
    };
    counts.open.fetch_add(1, Ordering::Relaxed);
    while let Ok(Some(_)) = stream.chunk().await {}
    counts.open.fetch_sub(1, Ordering::Relaxed);
}
