//! The API that stands behind the relay and behind the reverse proxy: an answer that is ready, events, and a WebSocket.

use super::reverse_proxy::switch;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::stream::{self, StreamExt};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Where the answer is: 1 KB of JSON.
pub(crate) const ORDERS: &str = "/api/orders/2026";

/// An event stream that ends after [`EVENTS`] events, each written by itself.
pub(crate) const EVENT_STREAM: &str = "/api/orders/events";

/// An event stream with one event, which stays open.
pub(crate) const QUIET_STREAM: &str = "/api/orders/quiet";

/// A WebSocket that sends each message back.
pub(crate) const SOCKET: &str = "/api/orders/socket";

/// How many events a stream has.
pub(crate) const EVENTS: usize = 5_000;

/// An event, and the byte that stands in each event once and nowhere else in the answer.
const EVENT: &[u8] = b"data: {\"order\":20260017,\"state\":\"packed\",\"line\":4} #\n\n";
pub(crate) const END_OF_EVENT: u8 = b'#';

/// How many orders the answer has: it is 1 KB.
const COUNT: usize = 12;

/// A browser's frame with 64 bytes of text: two bytes, the mask, the text (RFC 6455 §5.2).
pub(crate) const MASKED: usize = 2 + 4 + 64;

/// The same frame as the API sends it, without a mask.
pub(crate) const UNMASKED: usize = 2 + 64;

/// The first two bytes of such a frame, without the bit of the mask: one whole text, 64 bytes.
const FRAME: [u8; 2] = [0x81, 64];

pub(crate) fn upstream() -> Router {
    let orders: Vec<_> = (0..COUNT)
        .map(|number| serde_json::json!({ "id": 20_260_000 + number, "item": "Two chairs, oak", "total": "249.00 EUR", "paid": true }))
        .collect();
    let body = serde_json::to_vec(&serde_json::json!({ "orders": orders })).expect("JSON");
    let body = Bytes::from(body);
    let answer = async move || ([(header::CONTENT_TYPE, "application/json")], body.clone());
    Router::new()
        .route(ORDERS, get(answer))
        .route(EVENT_STREAM, get(async || event_stream(EVENTS, false)))
        .route(QUIET_STREAM, get(async || event_stream(1, true)))
        .route(SOCKET, get(socket))
}

fn event_stream(count: usize, stays_open: bool) -> impl IntoResponse {
    let events = stream::iter(std::iter::repeat_n(Bytes::from_static(EVENT), count)).then(async |event| {
        // hyper writes what it has when there is nothing further: so each event is one write.
        tokio::task::yield_now().await;
        Ok::<_, Infallible>(event)
    });
    let after = stream::pending().take(usize::from(stays_open));
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(events.chain(after)),
    )
}

async fn socket(request: Request) -> Response {
    tokio::spawn(async move {
        let Ok(browser) = hyper::upgrade::on(request).await else {
            return;
        };
        let mut browser = TokioIo::new(browser);
        let (mut masked, mut unmasked) = ([0; MASKED], [0; UNMASKED]);
        unmasked[..2].copy_from_slice(&FRAME);
        while browser.read_exact(&mut masked).await.is_ok() {
            let (mask, text) = masked[2..].split_at(4);
            for ((to, from), mask) in unmasked[2..].iter_mut().zip(text).zip(mask.iter().cycle()) {
                *to = from ^ mask;
            }
            if browser.write_all(&unmasked).await.is_err() {
                return;
            }
        }
    });
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    switch(response.headers_mut());
    // Nobody here checks it.
    let accept = HeaderValue::from_static("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    response.headers_mut().insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    response
}

/// A frame as a browser sends it.
pub(crate) fn masked_frame() -> [u8; MASKED] {
    let mut frame = [b'm'; MASKED];
    frame[..6].copy_from_slice(&[FRAME[0], FRAME[1] | 0x80, 7, 7, 7, 7]);
    frame
}
