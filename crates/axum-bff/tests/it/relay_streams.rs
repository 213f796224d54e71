//! Event streams, downloads and uploads that last long, and how they end.

mod bodies;

use crate::api::{Served, head, streamed, world};
use crate::browser::Browser;
use crate::wire::Wire;
use crate::world::World;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum_bff::relay::SessionEnd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// A [`SessionEnd`] at which all sessions end when the test sends `true`.
pub(crate) fn session_end() -> (SessionEnd, watch::Sender<bool>) {
    let (end, ended) = watch::channel(false);
    let session_end = SessionEnd::new(move |_| {
        let mut ended = ended.clone();
        async move {
            let _ = ended.wait_for(|ended| *ended).await;
        }
    });
    (session_end, end)
}

/// A server whose sessions all end when the test sends `true`.
pub(crate) async fn ending(world: &World) -> (Served, watch::Sender<bool>) {
    let (session_end, end) = session_end();
    let router = world
        .replica_with(|state| state.relay = state.relay.clone().with_session_end(session_end))
        .await;
    (Served::start(router).await, end)
}

/// An API with one stream of this type, which the test feeds.
pub(crate) async fn feeding(content_type: &'static str) -> (Served, mpsc::Sender<&'static str>) {
    let (feed, waiting) = mpsc::channel(1);
    let stream = Arc::new(Mutex::new(Some(waiting)));
    let api = Served::start(Router::new().fallback(any(async move || -> Response {
        let Some(waiting) = stream.lock().expect("no panic").take() else {
            return "another".into_response();
        };
        ([("content-type", content_type)], streamed(waiting)).into_response()
    })))
    .await;
    (api, feed)
}

pub(crate) fn event_source(browser: &Browser) -> String {
    let request = head(
        browser,
        "GET /api/orders/events HTTP/1.1",
        "accept: text/event-stream\r\n",
    );
    request.replace("x-csrf: 1\r\n", "")
}

#[tokio::test]
async fn a_server_that_ends_ends_event_streams_in_good_order_and_no_download() {
    for (content_type, is_over) in [("text/event-stream", true), ("application/octet-stream", false)] {
        let (api, feed) = feeding(content_type).await;
        let world = world(&api.url(), &[]).await;
        let browser = world.signed_in("alice").await;
        let (server, address) = world.server().await;
        let (end, ended) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async move {
            let _ = ended.await;
        }));
        let request = head(&browser, "GET /api/orders/stream HTTP/1.1", "");
        let mut wire = Wire::open_at(address, &request).await;
        feed.send("data: one\n\n").await.expect("it is read");
        wire.until("data: one").await;
        drop(end);
        if is_over {
            // The last chunk shows that the stream was not cut off.
            wire.until("\r\n0\r\n\r\n").await;
        } else {
            feed.send("the rest").await.expect("it is read");
            wire.until("the rest").await;
            drop(feed);
        }
        let ended = tokio::time::timeout(Duration::from_secs(5), running).await;
        ended.expect("in time").expect("no panic");
    }
}

#[tokio::test]
async fn events_flow_one_by_one_and_longer_than_any_time_out() {
    let (api, feed) = feeding("text/event-stream").await;
    let world = world(&api.url(), &[("BFF_API_ORDERS_TIMEOUT", "200ms")]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut wire = Wire::open(&bff, &event_source(&browser)).await;
    wire.until("\r\n\r\n").await;
    assert!(
        wire.read.contains("text/event-stream") && wire.read.contains("x-accel-buffering: no"),
        "{}",
        wire.read
    );
    assert!(wire.read.contains("cache-control: no-store"), "{}", wire.read);
    for event in ["data: one\n\n", "data: two\n\n", "data: three\n\n"] {
        feed.send(event).await.expect("it listens");
        wire.until(event).await;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[tokio::test]
async fn an_event_stream_ends_with_the_session_on_both_sides() {
    for content_type in ["text/event-stream", "application/octet-stream"] {
        let (api, feed) = feeding(content_type).await;
        let world = world(&api.url(), &[]).await;
        let browser = world.signed_in("alice").await;
        let (bff, end) = ending(&world).await;
        let mut wire = Wire::open(&bff, &event_source(&browser)).await;
        feed.send("data: one\n\n").await.expect("it listens");
        wire.until("data: one").await;
        end.send_replace(true);
        assert!(wire.is_closed_within_a_second().await, "{content_type}");
        assert!(
            tokio::time::timeout(Duration::from_secs(1), feed.closed())
                .await
                .is_ok(),
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_reader_that_stops_keeps_neither_room_nor_the_apis_connection_after_its_session() {
    let (api, feed) = feeding("text/event-stream").await;
    let world = world(&api.url(), &[("BFF_API_ORDERS_STREAMS", "1")]).await;
    let browser = world.signed_in("alice").await;
    let (bff, end) = ending(&world).await;
    let mut wire = Wire::open(&bff, &event_source(&browser)).await;
    feed.send("data: one\n\n").await.expect("it listens");
    wire.until("data: one").await;
    let large: &'static str = Box::leak("x".repeat(256 * 1024).into_boxed_str());
    // The loop fills all buffers on the way.
    while tokio::time::timeout(Duration::from_millis(500), feed.send(large))
        .await
        .is_ok()
    {}
    end.send_replace(true);
    let told = tokio::time::timeout(Duration::from_secs(5), feed.closed()).await;
    assert!(told.is_ok(), "the API still sends");
    drop(wire);
}

#[tokio::test]
async fn a_logout_on_another_replica_ends_an_event_stream() {
    let (api, feed) = feeding("text/event-stream").await;
    let world = world(&api.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut wire = Wire::open(&bff, &event_source(&browser)).await;
    feed.send("data: one\n\n").await.expect("it listens");
    wire.until("data: one").await;
    let mut elsewhere = browser.at(world.replica().await);
    elsewhere.submit("/auth/logout").await;
    assert!(wire.is_closed_within_a_second().await);
    assert!(
        tokio::time::timeout(Duration::from_secs(1), feed.closed())
            .await
            .is_ok()
    );
}

/// PRX-09
#[tokio::test]
async fn a_browser_that_goes_away_ends_the_call() {
    let (api, feed) = feeding("text/event-stream").await;
    let world = world(&api.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut wire = Wire::open(&bff, &event_source(&browser)).await;
    feed.send("data: one\n\n").await.expect("it listens");
    wire.until("data: one").await;
    assert!(!feed.is_closed());
    drop(wire);
    let told = tokio::time::timeout(Duration::from_secs(5), feed.closed()).await;
    assert!(told.is_ok(), "the API still sends");
}

/// PRX-09
#[tokio::test]
async fn a_browser_that_goes_away_before_the_answer_ends_the_call() {
    struct Gone(Arc<AtomicUsize>);
    impl Drop for Gone {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (came, gone) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (arrived, left) = (came.clone(), gone.clone());
    let api = Served::start(Router::new().fallback(any(async move || {
        let _gone = Gone(left.clone());
        arrived.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>().await;
    })))
    .await;
    let world = world(&api.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let wire = Wire::open(&bff, &head(&browser, "GET /api/orders/1 HTTP/1.1", "")).await;
    world
        .until("the call arrives", async || came.load(Ordering::SeqCst) == 1)
        .await;
    drop(wire);
    world
        .until("the call is given up", async || gone.load(Ordering::SeqCst) == 1)
        .await;
}
