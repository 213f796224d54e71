use super::*;
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::oneshot;

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH
}

fn token(text: &str) -> SecretString {
    SecretString::from(text)
}

#[tokio::test]
async fn rt_03_who_comes_while_a_refresh_runs_shares_it() {
    let flights = Flights::default();
    let (answer, answered) = oneshot::channel::<()>();
    let begun = Arc::new(AtomicUsize::new(0));
    let count = begun.clone();
    let first = flights.join("one", now(), async move {
        count.fetch_add(1, Ordering::Relaxed);
        let _ = answered.await;
        Ok(token("new"))
    });
    let mut first = Box::pin(first);
    assert!(first.as_mut().now_or_never().is_none(), "it runs");
    let second = flights.join("one", now(), async { panic!("a second refresh") });
    let mut second = Box::pin(second);
    assert!(second.as_mut().now_or_never().is_none(), "it waits");
    let other = flights.join("two", now(), async { Ok(token("other")) }).await;
    assert_eq!(
        other.expect("a token").expose_secret(),
        "other",
        "another session does not wait"
    );
    answer.send(()).expect("somebody waits");
    assert_eq!(first.await.expect("a token").expose_secret(), "new");
    assert_eq!(second.await.expect("a token").expose_secret(), "new");
    assert_eq!(begun.load(Ordering::Relaxed), 1);
    let next = flights.join("one", now(), async { Ok(token("next")) }).await;
    assert_eq!(
        next.expect("a token").expose_secret(),
        "next",
        "nothing is kept of a flight that has landed"
    );
}

#[tokio::test]
async fn a_refresh_goes_on_when_nobody_waits_for_it_any_more() {
    let flights = Flights::default();
    let (done, is_done) = oneshot::channel::<()>();
    let waiting = flights.join("one", now(), async move {
        tokio::task::yield_now().await;
        done.send(()).expect("the test waits");
        Ok(token("new"))
    });
    drop(tokio::time::timeout(std::time::Duration::ZERO, waiting).await);
    is_done.await.expect("it was carried out all the same");
}

#[tokio::test]
async fn rt_06_after_a_failure_the_next_attempt_waits_longer_each_time() {
    let flights = Flights::default();
    let mut at = now();
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        let failed = flights
            .join("one", at, async { Err(AccessTokenError::Unavailable) })
            .await;
        assert!(failed.is_err());
        let just_before = at + Duration::seconds(pause) - Duration::MILLISECOND;
        let early = flights.join("one", just_before, async { panic!("too early") }).await;
        assert!(matches!(early, Err(AccessTokenError::Unavailable)));
        at += Duration::seconds(pause);
    }
    assert!(flights.join("one", at, async { Ok(token("new")) }).await.is_ok());
    let again = flights
        .join("one", at, async { Err(AccessTokenError::Unavailable) })
        .await;
    assert!(again.is_err(), "a success forgets the failures before it");
    let next = at + Duration::SECOND;
    assert!(flights.join("one", next, async { Ok(token("new")) }).await.is_ok());
}

#[tokio::test]
async fn a_refresh_that_panics_brings_nothing_and_blocks_nobody() {
    let flights = Flights::default();
    let failed = flights.join("one", now(), async { panic!("on purpose") }).await;
    assert!(matches!(failed, Err(AccessTokenError::Unavailable)));
    let later = now() + Duration::SECOND;
    assert!(flights.join("one", later, async { Ok(token("next")) }).await.is_ok());
}
