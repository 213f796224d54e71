//! Limits on simultaneous calls and streams, in total and for one person (PRX-09).

use crate::api::{Served, head, world};
use crate::browser::Browser;
use crate::relay_streams::{event_source, feeding};
use crate::wire::Wire;

const CALL: &str = "GET /api/orders/1 HTTP/1.1";

fn assert_too_many(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    for part in [
        "content-type: application/problem+json",
        "retry-after: 1\r\n",
        "\"code\":\"too_many_at_once\"",
    ] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
}

/// PRX-09
#[tokio::test]
async fn no_more_calls_run_at_once_than_the_bound() {
    let (api, feed) = feeding("text/plain").await;
    let world = world(
        &api.url(),
        &[("BFF_API_ORDERS_REQUESTS", "1"), ("BFF_API_OTHER", &api.url())],
    )
    .await;
    let mut browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let request = head(&browser, CALL, "");
    let mut held = Wire::open(&bff, &request).await;
    feed.send("begun").await.expect("it listens");
    held.until("begun").await;
    for browser in [&browser, &world.signed_in("bob").await] {
        let refused = bff.raw(&head(browser, CALL, "")).await;
        assert!(
            refused.starts_with("HTTP/1.1 503 ") && refused.contains("retry-after: 5\r\n"),
            "{refused}"
        );
        assert!(refused.contains("upstream_busy"), "{refused}");
    }
    let other = bff.raw(&head(&browser, "GET /api/other/1 HTTP/1.1", "")).await;
    assert!(
        other.starts_with("HTTP/1.1 200 "),
        "each API has its own limit: {other}"
    );
    drop(feed);
    world
        .until("a call is accepted again", async || {
            bff.raw(&request).await.starts_with("HTTP/1.1 200 ")
        })
        .await;
    assert_eq!(browser.session().await["status"], "active");
}

/// PRX-09
#[tokio::test]
async fn one_person_leaves_calls_to_others() {
    let (api, feed) = feeding("text/plain").await;
    let each = ("BFF_API_ORDERS_REQUESTS_EACH", "1");
    let world = world(&api.url(), &[each, ("BFF_API_OTHER", &api.url())]).await;
    let mut browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut held = Wire::open(&bff, &head(&browser, CALL, "")).await;
    feed.send("begun").await.expect("it listens");
    held.until("begun").await;
    let again = world.signed_in("alice").await;
    for browser in [&browser, &again] {
        assert_too_many(&bff.raw(&head(browser, CALL, "")).await);
    }
    let answered = async |browser: &Browser, first| bff.raw(&head(browser, first, "")).await;
    let bob = world.signed_in("bob").await;
    assert!(answered(&bob, CALL).await.starts_with("HTTP/1.1 200 "));
    let other = answered(&browser, "GET /api/other/1 HTTP/1.1").await;
    assert!(
        other.starts_with("HTTP/1.1 200 "),
        "each API has its own limit: {other}"
    );
    drop(feed);
    world
        .until("a call is accepted again", async || {
            answered(&browser, CALL).await.starts_with("HTTP/1.1 200 ")
        })
        .await;
    assert_eq!(browser.session().await["status"], "active");
}

/// PRX-09
#[tokio::test]
async fn one_person_leaves_streams_to_others() {
    let (api, feed) = feeding("text/event-stream").await;
    let world = world(&api.url(), &[("BFF_API_ORDERS_STREAMS_EACH", "1")]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut held = Wire::open(&bff, &event_source(&browser)).await;
    feed.send("data: one\n\n").await.expect("it listens");
    held.until("data: one").await;
    assert_too_many(&bff.raw(&event_source(&browser)).await);
    let call = bff.raw(&head(&browser, CALL, "")).await;
    assert!(call.starts_with("HTTP/1.1 200 "), "a call is no stream: {call}");
    let bob = world.signed_in("bob").await;
    let others = bff.raw(&event_source(&bob)).await;
    assert!(others.starts_with("HTTP/1.1 200 "), "{others}");
    drop(held);
    world
        .until("a call is accepted again", async || {
            bff.raw(&event_source(&browser)).await.starts_with("HTTP/1.1 200 ")
        })
        .await;
}

/// PRX-09
#[tokio::test]
async fn a_call_that_turns_into_a_stream_needs_room_for_one() {
    let (api, feed) = feeding("text/event-stream").await;
    let world = world(&api.url(), &[("BFF_API_ORDERS_STREAMS_EACH", "1")]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut held = Wire::open(&bff, &head(&browser, CALL, "")).await;
    feed.send("data: one\n\n").await.expect("it listens");
    held.until("data: one").await;
    assert_too_many(&bff.raw(&event_source(&browser)).await);
}
