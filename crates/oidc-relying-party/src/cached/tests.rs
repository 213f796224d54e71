use std::{
    future::{Ready, ready},
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Notify;

use super::*;
use bff_clock::ManualClock;

type Reading = Result<u32, &'static str>;

struct Source {
    clock: ManualClock,
    cached: Cached<u32, &'static str>,
    readings: AtomicUsize,
}

impl Source {
    fn new() -> Self {
        let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
        Self {
            cached: Cached::new(Arc::new(clock.clone())),
            clock,
            readings: AtomicUsize::new(0),
        }
    }

    fn read(&self, outcome: Reading) -> Ready<Reading> {
        self.readings.fetch_add(1, Ordering::SeqCst);
        ready(outcome)
    }

    async fn get(&self, outcome: Reading) -> Reading {
        self.cached.get(|| self.read(outcome)).await.map(|value| *value)
    }

    async fn renew(&self, outcome: Reading) -> Result<Option<u32>, &'static str> {
        let seen = self.cached.peek().expect("a value");
        self.cached
            .renew_for_posted(&seen, || self.read(outcome))
            .await
            .map(|value| value.map(|value| *value))
    }

    async fn renew_issued(&self, outcome: Reading) -> Reading {
        let begun = self.cached.begun();
        let renewed = self.cached.renew_for_issued(begun, || self.read(outcome)).await;
        renewed.map(|value| *value)
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(std::time::Duration::from_secs(seconds));
    }

    fn readings(&self) -> usize {
        self.readings.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_value_is_due_after_an_hour_and_nobody_waits_for_that_until_two_have_passed() {
    let source = Source::new();
    assert!(!source.cached.is_due(), "there is no value yet");
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    source.advance(3599);
    assert!(!source.cached.is_due());
    source.cached.renew_due(|| source.read(Ok(2))).await;
    assert_eq!((source.get(Ok(2)).await, source.readings()), (Ok(1), 1));
    source.advance(1);
    assert!(source.cached.is_due());
    assert_eq!(
        (source.get(Ok(2)).await, source.readings()),
        (Ok(1), 1),
        "a request does not renew the value"
    );
    source.cached.renew_due(|| source.read(Ok(3))).await;
    assert_eq!((source.get(Ok(4)).await, source.readings()), (Ok(3), 2));
    assert!(!source.cached.is_due());
    source.advance(7199);
    assert_eq!(source.get(Ok(5)).await, Ok(3));
    source.advance(1);
    assert_eq!(source.get(Ok(6)).await, Ok(6), "the value is two hours old");
}

#[tokio::test]
async fn a_due_value_is_read_once_and_again_a_while_after_a_failure() {
    let source = Source::new();
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    source.advance(4000);
    {
        let _reading = source.cached.reading.lock().await;
        assert!(!source.cached.is_due(), "a reading is under way");
        source.cached.renew_due(|| source.read(Ok(2))).await;
    }
    assert_eq!(source.readings(), 1);
    source.cached.renew_due(|| source.read(Err("away"))).await;
    assert_eq!(
        (source.get(Ok(2)).await, source.readings()),
        (Ok(1), 2),
        "the good value stays"
    );
    assert!(!source.cached.is_due(), "the next reading waits after a failure");
    source.advance(1);
    assert!(source.cached.is_due());
}

#[tokio::test]
async fn failures_wait_longer_each_time_and_at_most_a_minute() {
    let source = Source::new();
    for (attempt, wait) in [1, 2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
        assert_eq!(source.get(Err("away")).await, Err("away"));
        assert_eq!(source.readings(), attempt + 1);
        source.advance(wait - 1);
        assert_eq!(
            source.get(Ok(1)).await,
            Err("away"),
            "the last outcome, without another reading"
        );
        assert_eq!(source.readings(), attempt + 1);
        source.advance(1);
    }
    assert_eq!(source.get(Ok(1)).await, Ok(1));
}

/// DISC-03
#[tokio::test]
async fn the_last_good_value_stays_while_the_provider_is_away() {
    let source = Source::new();
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    source.advance(8000);
    assert_eq!(source.get(Err("away")).await, Ok(1));
    assert_eq!(source.get(Ok(2)).await, Ok(1), "the next reading waits after a failure");
    source.advance(1);
    assert_eq!(source.get(Ok(2)).await, Ok(2));
}

/// DISC-11
#[tokio::test]
async fn a_demanded_reading_is_throttled_also_after_a_failure() {
    let source = Source::new();
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    assert_eq!(
        source.renew(Ok(2)).await,
        Ok(Some(2)),
        "a demanded reading may follow an ordinary one at once"
    );
    assert_eq!(source.renew(Ok(3)).await, Ok(None));
    source.advance(10);
    assert_eq!(source.renew(Err("away")).await, Err("away"));
    assert_eq!(
        source.renew(Ok(3)).await,
        Err("away"),
        "nothing is read, and the kept value is not known to be good"
    );
    assert_eq!(source.get(Ok(9)).await, Ok(2), "the good value is kept");
    source.advance(10);
    assert_eq!(source.renew(Ok(3)).await, Ok(Some(3)));
    assert_eq!(source.readings(), 4);
}

/// DISC-11
#[tokio::test]
async fn a_value_that_another_task_has_read_meanwhile_is_not_read_again() {
    let source = Source::new();
    source.get(Ok(1)).await.expect("a value");
    let seen = source.cached.peek().expect("a value");
    assert_eq!(source.renew(Ok(2)).await, Ok(Some(2)));
    let renewed = source
        .cached
        .renew_for_posted(&seen, || source.read(Ok(3)))
        .await
        .expect("a reading");
    assert_eq!(renewed.as_deref(), Some(&2));
}

/// DISC-11
#[tokio::test]
async fn readings_for_posted_tokens_keep_none_from_tokens_that_the_provider_issued() {
    let source = Source::new();
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    assert_eq!(source.renew(Ok(2)).await, Ok(Some(2)));
    assert_eq!(
        source.renew(Ok(3)).await,
        Ok(None),
        "the budget for posted tokens is used up"
    );
    assert_eq!(
        source.renew_issued(Ok(3)).await,
        Ok(3),
        "the budget for issued tokens is not"
    );
    source.advance(10);
    assert_eq!(source.renew(Err("away")).await, Err("away"));
    assert_eq!(source.renew_issued(Ok(4)).await, Ok(4), "nor does a failure use it up");
}

/// DISC-10
#[tokio::test]
async fn a_token_that_the_provider_issued_waits_for_the_next_permitted_reading() {
    let source = Source::new();
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    assert_eq!(source.renew_issued(Ok(2)).await, Ok(2));
    let second = source.renew_issued(Ok(3));
    tokio::pin!(second);
    assert!(futures::poll!(&mut second).is_pending());
    source.advance(1);
    assert!(futures::poll!(&mut second).is_pending());
    assert_eq!(source.readings(), 2);
    source.advance(1);
    assert_eq!(second.await, Ok(3), "the key set that was published in the meantime");
}

/// DISC-11
#[tokio::test]
async fn tokens_that_wait_for_a_reading_share_one_also_where_it_fails() {
    let source = Source::new();
    assert_eq!(source.get(Ok(1)).await, Ok(1));
    assert_eq!(source.renew_issued(Ok(2)).await, Ok(2));
    let waiting = (0..20).map(|_| source.renew_issued(Ok(3)));
    let waiting = futures::future::join_all(waiting);
    tokio::pin!(waiting);
    assert!(futures::poll!(&mut waiting).is_pending());
    source.advance(2);
    assert_eq!(waiting.await, vec![Ok(3); 20]);
    assert_eq!(source.readings(), 3);

    source.advance(2);
    let failing = (0..20).map(|_| source.renew_issued(Err("away")));
    assert_eq!(futures::future::join_all(failing).await, vec![Err("away"); 20]);
    assert_eq!(source.readings(), 4, "nobody reads again at once");
    source.advance(2);
    assert_eq!(source.renew_issued(Ok(4)).await, Ok(4));
}

#[tokio::test]
async fn one_task_reads_at_a_time_and_the_others_get_its_value() {
    let source = Arc::new(Source::new());
    let go = Arc::new(Notify::new());
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (source, go) = (Arc::clone(&source), Arc::clone(&go));
            tokio::spawn(async move {
                let slow = || async {
                    go.notified().await;
                    source.read(Ok(7)).await
                };
                source.cached.get(slow).await.map(|value| *value)
            })
        })
        .collect();
    tokio::task::yield_now().await;
    go.notify_one();
    for task in tasks {
        assert_eq!(task.await.expect("a task"), Ok(7));
    }
    assert_eq!(source.readings(), 1);
}

#[tokio::test]
async fn nobody_waits_for_a_reading_while_an_old_value_is_there() {
    let source = Source::new();
    source.get(Ok(1)).await.expect("a value");
    source.advance(8000);
    let _reading = source.cached.reading.lock().await;
    assert_eq!(source.get(Ok(2)).await, Ok(1));
}

#[tokio::test]
async fn a_reading_that_was_dropped_half_way_blocks_nobody() {
    let source = Source::new();
    let endless = source.cached.get(std::future::pending::<Reading>);
    assert!(
        tokio::time::timeout(std::time::Duration::from_millis(1), endless)
            .await
            .is_err()
    );
    assert_eq!(source.get(Ok(1)).await, Ok(1));
}
