//! Bodies, headers and answers that are too large, slow, cut off, endless or ambiguous (PRX-09).

use crate::api::{Api, CALL, Served, call, head, world};
use crate::loopback::free_address;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// PRX-09
#[tokio::test]
async fn a_body_that_is_too_large_is_refused_declared_or_not() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_BODY_LIMIT", "100KiB")]).await;
    let mut browser = world.signed_in("alice").await;
    let fits = "x".repeat(100 * 1024);
    let answer = browser.send(Method::POST, "/api/orders/1", &CALL, &fits).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        api.take()[0].body.len(),
        fits.len(),
        "the limit for forms does not apply"
    );
    let answer = browser
        .send(Method::POST, "/api/orders/1", &CALL, &format!("{fits}x"))
        .await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("too_large"))
    );
    let bff = Served::start(world.replica().await).await;
    let declared = head(
        &browser,
        "POST /api/orders/1 HTTP/1.1",
        "content-length: 1000000000\r\n",
    );
    let answer = bff.raw(&declared).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let chunked = head(
        &browser,
        "POST /api/orders/1 HTTP/1.1",
        "transfer-encoding: chunked\r\n",
    ) + &chunk.repeat(2);
    let answer = bff.raw(&chunked).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(api.calls().is_empty(), "the API got no complete call");
}

/// PRX-09
#[tokio::test]
async fn headers_and_queries_are_bounded() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let long = "x".repeat(17 * 1024);
    let headers = [&CALL[..], &[("if-match", long.as_str())]].concat();
    let answer = browser.send(Method::GET, "/api/orders/1", &headers, "").await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let answer = call(&mut browser, Method::GET, &format!("/api/orders/1?{}", &long[..9000])).await;
    assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
    assert!(api.calls().is_empty());
}

/// PRX-09
#[tokio::test]
async fn an_answer_whose_head_makes_no_sense_is_502() {
    let api = Api::start(|call| match call.target.as_str() {
        "/large" => [("etag", "x".repeat(65 * 1024))].into_response(),
        "/switch" => {
            let headers = [("connection", "upgrade"), ("upgrade", "websocket")];
            (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
        }
        _ => StatusCode::OK.into_response(),
    })
    .await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    for path in ["/api/orders/large", "/api/orders/switch"] {
        let answer = call(&mut browser, Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

/// PRX-09
#[tokio::test]
async fn ambiguous_framing_is_refused_or_read_in_one_way() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let first = "POST /api/orders/1 HTTP/1.1";
    for framing in [
        "content-length: 1\r\ncontent-length: 2\r\n",
        "content-length: 1, 2\r\n",
        "content-length: +1\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: gzip\r\n",
    ] {
        let answer = bff.raw(&(head(&browser, first, framing) + "xx")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{framing}: {answer}");
    }
    assert!(api.calls().is_empty());
    // With both headers, hyper reads the chunks and closes the connection (RFC 9112 §6.3). The bytes after them are no
    // second call.
    let smuggled = head(&browser, "GET /api/orders/smuggled HTTP/1.1", "");
    for framing in [
        "content-length: 6\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 6\r\n",
    ] {
        let request = head(&browser, first, framing).replace("connection: close\r\n", "");
        let answer = bff.raw(&format!("{request}0\r\n\r\n{smuggled}")).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        let calls = api.take();
        assert_eq!(calls.len(), 1, "{calls:?}");
        assert_eq!((calls[0].target.as_str(), calls[0].body.len()), ("/1", 0));
        assert!(calls[0].header("content-length").is_empty() || calls[0].header("transfer-encoding").is_empty());
    }
}

/// An API that is only a listener. It reads a request's head and answers with these bytes. Unless `then_close` is set,
/// it keeps the connection open, and notifies when the other side closes it.
async fn bare(answer: &'static str, then_close: bool) -> (String, Arc<Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let closed = Arc::new(Notify::new());
    let told = closed.clone();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let told = told.clone();
            tokio::spawn(async move {
                let mut read = [0; 8192];
                let _ = connection.read(&mut read).await;
                let _ = connection.write_all(answer.as_bytes()).await;
                if !then_close {
                    while connection.read(&mut read).await.is_ok_and(|count| count > 0) {}
                    told.notify_one();
                }
            });
        }
    });
    (url, closed)
}

const SHORT: (&str, &str) = ("BFF_API_ORDERS_TIMEOUT", "300ms");

/// PRX-09
#[tokio::test]
async fn an_api_that_does_not_answer_is_504_and_let_go() {
    let (url, closed) = bare("", false).await;
    let world = world(&url, &[SHORT]).await;
    let mut browser = world.signed_in("alice").await;
    let begun = Instant::now();
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::GATEWAY_TIMEOUT, Some("upstream_timeout"))
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
    let gone = tokio::time::timeout(Duration::from_secs(5), closed.notified()).await;
    assert!(gone.is_ok(), "the connection is not kept");
}

/// PRX-09
#[tokio::test]
async fn an_answer_that_stops_or_is_cut_is_cut_and_does_not_hang() {
    const BEGUN: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nhello";
    const CHUNKED: &str =
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    for (begun, then_close) in [(BEGUN, true), (BEGUN, false), (CHUNKED, true), (CHUNKED, false)] {
        let (url, _) = bare(begun, then_close).await;
        let world = world(&url, &[SHORT]).await;
        let browser = world.signed_in("alice").await;
        let bff = Served::start(world.replica().await).await;
        let started = Instant::now();
        let answer = bff.raw(&head(&browser, "GET /api/orders/1 HTTP/1.1", "")).await;
        assert!(started.elapsed() < Duration::from_secs(5), "{then_close}");
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.contains("hello"),
            "{answer}"
        );
        assert!(
            !answer.ends_with("0\r\n\r\n"),
            "the browser can tell that the answer is incomplete: {answer}"
        );
    }
}

/// PRX-09
#[tokio::test]
async fn an_api_that_is_away_or_speaks_no_http_is_502() {
    let nobody = format!("http://{}", free_address());
    let (nonsense, _) = bare("SSH-2.0-canary\r\n\r\n", true).await;
    for url in [nobody, nonsense] {
        let world = world(&url, &[]).await;
        let mut browser = world.signed_in("alice").await;
        let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert_eq!(answer.json()["code"], "upstream_unreachable");
        assert!(
            !answer.text().contains("canary") && !answer.text().contains("127.0.0.1"),
            "{}",
            answer.text()
        );
    }
}

/// PRX-09
#[tokio::test]
async fn a_body_that_dribbles_is_408_and_one_that_is_cut_reaches_nobody_whole() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[SHORT]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    for framing in [
        "content-length: 10\r\n",
        "content-length: 100000\r\n",
        "transfer-encoding: chunked\r\n",
    ] {
        let begun = Instant::now();
        let answer = bff
            .raw(&(head(&browser, "POST /api/orders/1 HTTP/1.1", framing) + "5\r\n"))
            .await;
        assert!(begun.elapsed() < Duration::from_secs(5), "{framing}");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{framing}: {answer}");
        let mut connection = TcpStream::connect(bff.address).await.expect("connects");
        let cut = head(&browser, "POST /api/orders/1 HTTP/1.1", framing) + "5\r\n";
        connection.write_all(cut.as_bytes()).await.expect("sent");
    }
    tokio::time::timeout(Duration::from_secs(5), async {
        let mut other = world.signed_in("bob").await;
        assert_eq!(
            call(&mut other, Method::GET, "/api/orders/2").await.status,
            StatusCode::OK
        );
    })
    .await
    .expect("in time");
    assert!(api.calls().iter().all(|call| call.target == "/2"), "{:?}", api.calls());
}
