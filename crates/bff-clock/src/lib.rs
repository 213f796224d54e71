#![doc = include_str!("../README.md")]

use std::{fmt::Debug, future::Future, pin::Pin, sync::Arc, time::Duration};

use time::OffsetDateTime;
use tokio::sync::watch;

/// A source of the current time.
pub trait Clock: Debug + Send + Sync {
    /// The current time, in UTC.
    fn now(&self) -> OffsetDateTime;

    /// Resolves when it is `at`, or is later already.
    fn sleep_until(&self, at: OffsetDateTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn sleep_until(&self, at: OffsetDateTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wait = Duration::try_from(at - self.now()).unwrap_or_default();
        Box::pin(tokio::time::sleep(wait))
    }
}

/// A clock for tests: it stands still until [`ManualClock::advance`] moves it.
///
/// Clones share one time, so a test keeps one and gives the other away.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<watch::Sender<OffsetDateTime>>);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: OffsetDateTime) -> Self {
        Self(Arc::new(watch::Sender::new(now)))
    }

    /// Moves this clock, and all its clones, forward. Sleeping tasks wake when their time has come.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now += by);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: OffsetDateTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut time = self.0.subscribe();
        Box::pin(async move {
            // The sender is this clock: it lives as long as the future.
            let _ = time.wait_for(|now| *now >= at).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_manual_clock_share_one_time() {
        let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
        let given_away = clock.clone();
        clock.advance(Duration::from_secs(90));
        assert_eq!(given_away.now().unix_timestamp(), 90);
    }

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_has_come_to_its_time() {
        let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
        let at = clock.now() + Duration::from_secs(10);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(at).await }
        });
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeper.await.expect("woke");
        clock.sleep_until(at).await;
    }
}
