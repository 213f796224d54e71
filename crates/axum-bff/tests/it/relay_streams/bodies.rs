//! Downloads and uploads.

use super::ending;
use crate::api::{Served, head, world};
use crate::wire::Wire;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::any;
use http_body_util::BodyExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

#[tokio::test]
async fn a_download_is_read_no_faster_than_the_browser_reads() {
    struct Endless(Arc<AtomicUsize>);
    impl hyper::body::Body for Endless {
        type Data = Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            self.0.fetch_add(64 * 1024, Ordering::SeqCst);
            let frame = hyper::body::Frame::data(Bytes::from(vec![b'x'; 64 * 1024]));
            std::task::Poll::Ready(Some(Ok(frame)))
        }
    }
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let api = Served::start(Router::new().fallback(any(async move || Body::new(Endless(counted.clone()))))).await;
    let world = world(&api.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let mut wire = Wire::open(&bff, &head(&browser, "GET /api/orders/1 HTTP/1.1", "")).await;
    wire.until("xxx").await;
    // The API stops sending when every buffer on the way is full.
    let mut before = 0;
    let mut still = 0;
    world
        .until("the API is held back", async || {
            let now = sent.load(Ordering::SeqCst);
            still = if now == before { still + 1 } else { 0 };
            before = now;
            still >= 5
        })
        .await;
    assert!(
        before < 64 << 20,
        "the relay read {before} bytes for a browser that reads nothing"
    );
}

#[tokio::test]
async fn an_upload_streams() {
    let (seen, mut got) = mpsc::channel::<Bytes>(8);
    let api = Served::start(Router::new().fallback(any(async move |request: Request| {
        let mut body = request.into_body();
        while let Some(Ok(frame)) = body.frame().await {
            if let Ok(data) = frame.into_data() {
                let _ = seen.send(data).await;
            }
        }
        "read"
    })))
    .await;
    let world = world(&api.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let first = head(
        &browser,
        "POST /api/orders/1 HTTP/1.1",
        "transfer-encoding: chunked\r\n",
    );
    let mut wire = Wire::open(&bff, &first).await;
    for chunk in ["hello", "world"] {
        let line = format!("5\r\n{chunk}\r\n");
        wire.send(line.as_bytes()).await;
        let arrived = tokio::time::timeout(Duration::from_secs(5), got.recv()).await;
        assert_eq!(
            arrived.expect("before the upload ends"),
            Some(Bytes::from_static(chunk.as_bytes()))
        );
    }
    // The relay does not check trailers, so it must not pass them on.
    let end = b"0\r\nauthorization: Bearer canary\r\n\r\n";
    wire.send(end).await;
    wire.until("read").await;
}

/// An API may answer before the upload has ended. The limits of the call stay in force until the upload has ended. They
/// used to end with the answer.
#[tokio::test]
async fn an_upload_that_goes_on_after_its_answer_keeps_its_room_and_ends_with_the_session() {
    let (seen, mut got) = mpsc::channel::<Bytes>(8);
    let api = Served::start(Router::new().fallback(any(async move |request: Request| {
        let seen = seen.clone();
        tokio::spawn(async move {
            let mut body = request.into_body();
            while let Some(Ok(frame)) = body.frame().await {
                if let Ok(data) = frame.into_data() {
                    let _ = seen.send(data).await;
                }
            }
            let _ = seen.send(Bytes::from_static(b"over")).await;
        });
        "taken"
    })))
    .await;
    let world = world(&api.url(), &[("BFF_API_ORDERS_REQUESTS", "1")]).await;
    let browser = world.signed_in("alice").await;
    let (bff, end) = ending(&world).await;
    let first = head(
        &browser,
        "POST /api/orders/1 HTTP/1.1",
        "transfer-encoding: chunked\r\n",
    );
    let mut wire = Wire::open(&bff, &first).await;
    wire.until("taken").await;
    wire.send(b"5\r\nhello\r\n").await;
    let arrived = tokio::time::timeout(Duration::from_secs(5), got.recv()).await;
    assert_eq!(arrived.expect("the upload goes on"), Some(Bytes::from_static(b"hello")));
    let second = head(&browser, "GET /api/orders/2 HTTP/1.1", "connection: close\r\n");
    let mut refused = Wire::open(&bff, &second).await;
    refused.until("HTTP/1.1 503").await;
    end.send_replace(true);
    let over = tokio::time::timeout(Duration::from_secs(5), got.recv()).await;
    assert_eq!(
        over.expect("the API sees the end of the upload"),
        Some(Bytes::from_static(b"over"))
    );
}
