//! The work that goes on after the last request.

use crate::bff::Bff;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The other work has this many times `BFF_SHUTDOWN_GRACE` together. With once for requests, once for the audit and once for
/// traces, a server ends within five times.
const OF_OTHER_WORK: u32 = 2;

/// Waits for the work that nobody waits for any more, and writes the last records.
pub(super) async fn finish(bff: &Bff) {
    let grace = bff.http.grace;
    other_work(bff, Deadline::within(grace * OF_OTHER_WORK)).await;
    // The last: the work before causes records too. It has time of its own, whatever the work took.
    let deadline = Deadline::within(grace);
    if !deadline.meets(bff.events.end()).await {
        let count = bff.events.unwritten();
        tracing::error!(code = "audit_cut", count, "some records of the audit were not written");
    }
    if let Some(redis) = bff.redis() {
        // What is cut off here is a farewell.
        deadline.meets(redis.clone().close()).await;
    }
}

async fn other_work(bff: &Bff, deadline: Deadline) {
    if !deadline.meets(bff.relay.streams_closed()).await {
        tracing::warn!(code = "sockets_cut", "some WebSockets were cut off");
    }
    // Sign-ins and sign-outs whose browsers have gone.
    if !deadline.meets(bff.tasks.done()).await {
        tracing::warn!(code = "tasks_cut", "some sign-ins or sign-outs were cut off");
    }
    // A refresh goes on when nobody waits for it any more: its answer holds the only refresh token that works.
    if !deadline.meets(bff.access_tokens.done()).await {
        tracing::warn!(code = "refresh_cut", "some refreshes were cut off");
    }
    // The person who signed out last still has their tokens revoked.
    if !deadline.meets(bff.revocations.done()).await {
        tracing::warn!(code = "revocation_cut", "some tokens were not revoked");
    }
    if !deadline.meets(bff.events.done()).await {
        tracing::warn!(code = "events_cut", "some events did not reach the application's hook");
    }
}

/// The end of the time that several kinds of work have together.
#[derive(Clone, Copy, Debug)]
struct Deadline(Instant);

impl Deadline {
    fn within(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    /// Whether the work is done by then. Work that is done already is, however late it is.
    async fn meets(self, work: impl Future) -> bool {
        timeout_at(self.0, work).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test(start_paused = true)]
    async fn all_kinds_of_work_together_take_no_longer_than_their_common_time() {
        let (begun, time) = (Instant::now(), Duration::from_secs(20));
        let deadline = Deadline::within(time);
        for _ in 0..5 {
            assert!(!deadline.meets(pending::<()>()).await);
        }
        let late = begun.elapsed().saturating_sub(time);
        assert!(late < Duration::from_millis(10), "{late:?}");
        assert!(deadline.meets(ready(())).await, "it is done already");
    }
}
