use super::*;
use bff_clock::ManualClock;
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::oneshot;

fn refreshes() -> (SharedRefreshes, ManualClock) {
    let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
    (SharedRefreshes::new(Arc::new(clock.clone())), clock)
}

fn token(text: &str) -> AccessToken {
    AccessToken {
        token: text.into(),
        dpop_key: None,
    }
}

/// RT-03
#[tokio::test]
async fn a_request_during_a_refresh_shares_it() {
    let (refreshes, _) = refreshes();
    let (answer, answered) = oneshot::channel::<()>();
    let begun = Arc::new(AtomicUsize::new(0));
    let count = begun.clone();
    let first = refreshes.join("one", async move {
        count.fetch_add(1, Ordering::Relaxed);
        let _ = answered.await;
        Ok(token("new"))
    });
    let mut first = Box::pin(first);
    assert!(first.as_mut().now_or_never().is_none(), "the refresh runs");
    let second = refreshes.join("one", async { panic!("a second refresh") });
    let mut second = Box::pin(second);
    assert!(second.as_mut().now_or_never().is_none(), "the second caller waits");
    let other = refreshes.join("two", async { Ok(token("other")) }).await;
    assert_eq!(
        other.expect("a token").token.expose_secret(),
        "other",
        "another session does not wait"
    );
    answer.send(()).expect("somebody waits");
    assert_eq!(first.await.expect("a token").token.expose_secret(), "new");
    assert_eq!(second.await.expect("a token").token.expose_secret(), "new");
    assert_eq!(begun.load(Ordering::Relaxed), 1);
    let next = refreshes.join("one", async { Ok(token("next")) }).await;
    assert_eq!(
        next.expect("a token").token.expose_secret(),
        "next",
        "a finished refresh is not kept"
    );
}

#[tokio::test]
async fn a_refresh_goes_on_when_nobody_waits_for_it_any_more() {
    let (refreshes, _) = refreshes();
    let (done, is_done) = oneshot::channel::<()>();
    let waiting = refreshes.join("one", async move {
        tokio::task::yield_now().await;
        done.send(()).expect("the test waits");
        Ok(token("new"))
    });
    drop(tokio::time::timeout(std::time::Duration::ZERO, waiting).await);
    is_done.await.expect("the refresh ran to its end");
}

/// RT-06
#[tokio::test]
async fn after_a_failure_the_next_attempt_waits_longer_each_time() {
    let (refreshes, clock) = refreshes();
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        // The pause begins when the attempt ends: the time of the attempt does not count.
        let slow = clock.clone();
        let failed = refreshes.join("one", async move {
            slow.advance(std::time::Duration::from_secs(10));
            Err(AccessTokenError::Unavailable)
        });
        assert!(failed.await.is_err());
        clock.advance(std::time::Duration::from_millis(pause * 1000 - 1));
        let early = refreshes.join("one", async { panic!("too early") }).await;
        assert!(matches!(early, Err(AccessTokenError::Unavailable)));
        clock.advance(std::time::Duration::from_millis(1));
    }
    assert!(refreshes.join("one", async { Ok(token("new")) }).await.is_ok());
    let again = refreshes
        .join("one", async { Err(AccessTokenError::Unavailable) })
        .await;
    assert!(again.is_err(), "a success forgets the failures before it");
    clock.advance(std::time::Duration::from_secs(1));
    assert!(refreshes.join("one", async { Ok(token("new")) }).await.is_ok());
}

/// RT-06
#[tokio::test]
async fn a_provider_that_has_renewed_one_session_is_soon_asked_for_the_others() {
    let (refreshes, clock) = refreshes();
    for _ in 0..5 {
        let failed = refreshes
            .join("one", async { Err(AccessTokenError::Unavailable) })
            .await;
        assert!(failed.is_err());
        clock.advance(std::time::Duration::from_secs(16));
    }
    let failed = refreshes
        .join("one", async { Err(AccessTokenError::Unavailable) })
        .await;
    assert!(failed.is_err(), "the next attempt is 30 seconds away");
    assert!(refreshes.join("two", async { Ok(token("new")) }).await.is_ok());
    let early = refreshes.join("one", async { panic!("too early") }).await;
    assert!(early.is_err());
    clock.advance(std::time::Duration::from_secs(1));
    assert!(refreshes.join("one", async { Ok(token("new")) }).await.is_ok());
}

#[tokio::test]
async fn a_store_that_was_away_is_no_reason_to_wait() {
    let (refreshes, _) = refreshes();
    let away = AccessTokenError::from(bff_session::store::StoreError::Contended);
    let failed = refreshes.join("one", async { Err(away) }).await;
    assert!(failed.is_err());
    assert!(refreshes.join("one", async { Ok(token("new")) }).await.is_ok());
}

#[tokio::test]
async fn a_refresh_that_panics_brings_nothing_and_blocks_nobody() {
    let (refreshes, clock) = refreshes();
    let failed = refreshes.join("one", async { panic!("on purpose") }).await;
    assert!(matches!(failed, Err(AccessTokenError::Unavailable)));
    clock.advance(std::time::Duration::from_secs(1));
    assert!(refreshes.join("one", async { Ok(token("next")) }).await.is_ok());
}

#[tokio::test]
async fn a_provider_that_says_how_long_it_wants_to_be_left_alone_is_left_alone() {
    let (refreshes, clock) = refreshes();
    let here = refreshes.clone();
    let failed = refreshes.join("one", async move {
        here.retry_after("one", std::time::Duration::from_mins(2));
        Err(AccessTokenError::Unavailable)
    });
    assert!(failed.await.is_err());
    // When another session is refreshed, the pauses that we chose get shorter, but not one that the provider asked for.
    assert!(refreshes.join("two", async { Ok(token("new")) }).await.is_ok());
    clock.advance(std::time::Duration::from_secs(119));
    let early = refreshes.join("one", async { panic!("too early") }).await;
    assert!(matches!(early, Err(AccessTokenError::Unavailable)));
    // `Retry-After` counts also if the answer arrives after every caller has stopped waiting.
    refreshes.retry_after("one", std::time::Duration::from_mins(1));
    clock.advance(std::time::Duration::from_secs(59));
    let early = refreshes.join("one", async { panic!("too early") }).await;
    assert!(matches!(early, Err(AccessTokenError::Unavailable)));
    clock.advance(std::time::Duration::from_secs(1));
    assert!(refreshes.join("one", async { Ok(token("new")) }).await.is_ok());
}
