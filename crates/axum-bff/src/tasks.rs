//! Work that goes on although the browser that asked for it has gone.
//!
//! A handler ends at once when its connection closes. A code that was redeemed by then would leave tokens that
//! nobody has, and a session that was ended would leave tokens that nobody revokes. So such work runs in a task of its own,
//! and a process that ends waits for it.

use crate::events::carried;
use crate::in_flight::InFlight;
use crate::trace_context;
use std::future::Future;
use std::panic::resume_unwind;
use tokio::sync::oneshot;

/// The work of this process that is not broken off. Clones share everything.
#[derive(Clone, Debug, Default)]
pub struct Tasks(InFlight);

impl Tasks {
    /// The result of `work`. The work goes on although this future is dropped; its result then goes to `unclaimed`.
    ///
    /// # Panics
    ///
    /// If `work` panics.
    pub async fn run<T, Unclaimed>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        unclaimed: impl FnOnce(T) -> Unclaimed + Send + 'static,
    ) -> T
    where
        T: Send + 'static,
        Unclaimed: Future<Output = ()> + Send,
    {
        let open = self.0.begin();
        let (claim, claimed) = oneshot::channel();
        let task = async move {
            if let Err(outcome) = claim.send(work.await) {
                unclaimed(outcome).await;
            }
            drop(open);
        };
        let task = tokio::spawn(trace_context::carried(carried(task)));
        if let Ok(outcome) = claimed.await {
            return outcome;
        }
        match task.await {
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            // The runtime ends, and this future with it.
            _ => std::future::pending().await,
        }
    }

    /// Resolves when nothing is under way.
    pub async fn done(&self) {
        self.0.done().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::panic::AssertUnwindSafe;

    #[tokio::test]
    async fn work_that_was_begun_is_done_although_nobody_waits_and_is_told_that_nobody_does() {
        let tasks = Tasks::default();
        let (go, gone) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let work = async move {
            let _ = gone.await;
            7
        };
        let unclaimed = |number| async move { tell.send(number).expect("the test waits") };
        let mut waiting = Box::pin(tasks.run(work, unclaimed));
        assert!(waiting.as_mut().now_or_never().is_none(), "the work has begun");
        drop(waiting);
        assert!(
            tasks.done().now_or_never().is_none(),
            "the process waits before it ends"
        );
        go.send(()).expect("the work goes on");
        assert_eq!(told.await, Ok(7));
        tasks.done().await;
    }

    #[tokio::test]
    async fn a_claimed_outcome_is_not_undone() {
        let tasks = Tasks::default();
        let outcome = tasks
            .run(async { 7 }, |_| async { panic!("the outcome was claimed") })
            .await;
        assert_eq!(outcome, 7);
        tasks.done().await;
    }

    #[tokio::test]
    async fn a_panic_goes_to_the_task_that_waits() {
        let tasks = Tasks::default();
        let work = async { panic!("on purpose") };
        let panicked = AssertUnwindSafe(tasks.run(work, |()| async {})).catch_unwind().await;
        assert!(panicked.is_err());
        tasks.done().await;
    }
}
