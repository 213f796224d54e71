//! The application's hook for events, and the task that calls it.

use super::Event;
use crate::in_flight::UnderWay;
use bff_clock::Clock;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc::Receiver;

type Called = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The application's hook for events.
pub(crate) struct EventHook(Box<dyn Fn(Event) -> Called + Send + Sync>);

impl EventHook {
    pub(crate) fn new<F, R>(hook: F) -> Self
    where
        F: Fn(Event) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        Self(Box::new(move |event| Box::pin(hook(event))))
    }
}

/// The task that calls the hook.
pub(super) struct Dispatcher {
    hook: EventHook,
    lost: Arc<AtomicU64>,
    clock: Arc<dyn Clock>,
}

impl Dispatcher {
    pub(super) fn new(hook: EventHook, lost: Arc<AtomicU64>, clock: Arc<dyn Clock>) -> Self {
        Self { hook, lost, clock }
    }

    pub(super) async fn run(self, mut arriving: Receiver<(Event, UnderWay)>) {
        while let Some((event, open)) = arriving.recv().await {
            let count = self.lost.swap(0, Ordering::Relaxed);
            if count > 0 {
                tracing::error!(
                    code = "events_lost",
                    count,
                    "the application's hook for events was too slow: events were lost"
                );
                let at = self.clock.now();
                self.call(Event::lost(count, at)).await;
            }
            self.call(event).await;
            drop(open);
        }
    }

    /// A hook that panicked over one event is called for the next one.
    async fn call(&self, event: Event) {
        let kind = event.kind.word();
        let called = AssertUnwindSafe(async { (self.hook.0)(event).await }).catch_unwind();
        if called.await.is_err() {
            tracing::error!(
                code = "event_hook_panicked",
                kind,
                "the application's hook for events panicked"
            );
        }
    }
}
