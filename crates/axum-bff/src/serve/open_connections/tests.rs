use super::*;
use futures::FutureExt;

/// Whether the connection has been told to close.
fn goes(place: &Place) -> bool {
    place.visitor().told_to_go().now_or_never().is_some()
}

fn age(place: &Place, since: u64) {
    place.life.waiting_since.store(since, Ordering::Release);
}

#[tokio::test(start_paused = true)]
async fn a_full_server_drops_the_connection_that_waited_longest_without_a_request() {
    let open = OpenConnections::new(3);
    let (busy, old, young) = (open.place().await, open.place().await, open.place().await);
    for (place, since) in [(&busy, 1), (&old, 2), (&young, 3)] {
        age(place, since);
    }
    let request = busy.visitor().begin();
    let mut next = Box::pin(open.place());
    assert!((&mut next).now_or_never().is_none());
    assert!(goes(&old) && !goes(&busy) && !goes(&young));
    drop(old);
    let next = next.await;
    // No connection can be closed, because each has a request. A further connection waits until one can.
    let requests = [young.visitor().begin(), next.visitor().begin()];
    let mut last = Box::pin(open.place());
    assert!((&mut last).now_or_never().is_none());
    assert!(![&busy, &young, &next].into_iter().any(goes));
    drop((request, requests));
    for (place, since) in [(&busy, 1), (&young, 2), (&next, 3)] {
        age(place, since);
    }
    tokio::time::advance(LOOK_AGAIN).await;
    assert!((&mut last).now_or_never().is_none());
    assert!(goes(&busy));
    drop(busy);
    last.await;
}

#[tokio::test]
async fn unfinished_heads_have_a_bound_together_and_the_largest_goes() {
    let open = OpenConnections::with_heads(10, 20_000, Gauge::noop());
    let (large, small, quiet) = (open.place().await, open.place().await, open.place().await);
    assert!(large.read(FIRST_BUFFER), "a head begins");
    assert!(!large.read(15_000));
    assert!(small.read(FIRST_BUFFER + 5_000));
    assert!(![&large, &small, &quiet].into_iter().any(goes));
    assert_eq!(open.0.unfinished.load(Ordering::Acquire), 20_000);
    small.read(1);
    assert!(goes(&large) && !goes(&small));
    assert_eq!(open.0.unfinished.load(Ordering::Acquire), 5_001);
    let request = small.visitor().begin();
    assert_eq!(
        open.0.unfinished.load(Ordering::Acquire),
        0,
        "a complete head no longer counts"
    );
    small.read(1_000_000);
    assert_eq!(
        open.0.unfinished.load(Ordering::Acquire),
        0,
        "the bytes of a body do not count"
    );
    drop((request, large, small, quiet));
    assert!(open.all().by_number.is_empty());
}

#[tokio::test]
async fn ordinary_heads_touch_nothing_that_connections_share() {
    let open = OpenConnections::new(2);
    let place = open.place().await;
    for _ in 0..3 {
        assert!(place.read(500) && place.is_reading_head());
        drop(place.visitor().begin());
        assert!(!place.is_reading_head());
    }
    assert_eq!(open.0.unfinished.load(Ordering::Acquire), 0);
}

/// The rest of a refused body is read apart, while the connection goes on to the next request.
#[tokio::test]
async fn a_request_stays_under_way_when_the_body_before_it_ends() {
    let open = OpenConnections::new(1);
    let place = open.place().await;
    let (refused, next) = (place.visitor().begin(), place.visitor().begin());
    drop(refused);
    assert!(!place.read(1_000), "the bytes of a body begin no head");
    assert!(!place.is_reading_head());
    assert!(!open.let_longest_waiting_go() && !goes(&place));
    drop(next);
    assert!(open.let_longest_waiting_go() && goes(&place));
}

#[tokio::test(start_paused = true)]
async fn a_connection_waits_for_its_next_request_from_the_end_of_the_last_one_on() {
    const KEEP_ALIVE: Duration = Duration::from_secs(75);
    let open = OpenConnections::new(1);
    let place = open.place().await;
    let (visitor, begun) = (place.visitor(), Instant::now());
    let too_long = tokio::spawn({
        let visitor = visitor.clone();
        async move { visitor.waits_too_long(KEEP_ALIVE).await }
    });
    for _ in 0..3 {
        let request = visitor.begin();
        tokio::time::sleep(KEEP_ALIVE * 2).await;
        assert!(!too_long.is_finished(), "a request may take its time");
        drop(request);
        tokio::time::sleep(KEEP_ALIVE.saturating_sub(Duration::from_secs(1))).await;
        assert!(!too_long.is_finished(), "the next one may come yet");
    }
    drop(visitor.begin());
    let ended = begun.elapsed();
    too_long.await.expect("it resolves");
    let waited = begun.elapsed().saturating_sub(ended);
    // The time is kept in milliseconds.
    let expected = KEEP_ALIVE.saturating_sub(Duration::from_millis(2))..=KEEP_ALIVE + Duration::from_millis(2);
    assert!(expected.contains(&waited), "{waited:?}");
}
