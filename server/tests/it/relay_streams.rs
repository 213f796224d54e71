//! What flows for long: event streams, downloads, uploads, WebSockets. And how they end.

use crate::api::{Served, head, streamed, world};
use crate::browser::Browser;
use crate::world::{ORIGIN, World};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http_body_util::BodyExt;
use server::relay::SessionEnd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

/// A server whose sessions the test ends.
async fn ending(world: &World) -> (Served, watch::Sender<bool>) {
    let (end, ended) = watch::channel(false);
    let session_end = SessionEnd::new(move |_| {
        let mut ended = ended.clone();
        async move {
            let _ = ended.wait_for(|ended| *ended).await;
        }
    });
    let router = world
        .replica_with(|state| state.relay = state.relay.clone().with_session_end(session_end))
        .await;
    (Served::start(router).await, end)
}

/// A connection that reads with patience, but not for ever.
struct Wire {
    connection: TcpStream,
    read: String,
}

impl Wire {
    async fn open(bff: &Served, request: &str) -> Self {
        let mut connection = TcpStream::connect(bff.address).await.expect("connects");
        connection.write_all(request.as_bytes()).await.expect("sent");
        Self {
            connection,
            read: String::new(),
        }
    }

    async fn until(&mut self, text: &str) {
        let mut buffer = vec![0; 64 * 1024];
        while !self.read.contains(text) {
            let count = tokio::time::timeout(Duration::from_secs(10), self.connection.read(&mut buffer)).await;
            let count = count.unwrap_or_else(|_| panic!("in vain for {text}: {}", self.read));
            let count = count.expect("open");
            assert!(count > 0, "closed before {text}: {}", self.read);
            self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    /// Whether the other side closes within a second.
    async fn is_closed_within_a_second(&mut self) -> bool {
        let closed = async {
            let mut buffer = vec![0; 64 * 1024];
            while self.connection.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
        };
        tokio::time::timeout(Duration::from_secs(1), closed).await.is_ok()
    }
}

/// An API with one stream of this type, which the test feeds.
async fn feeding(content_type: &'static str) -> (Served, mpsc::Sender<&'static str>) {
    let (feed, fed) = mpsc::channel(1);
    let fed = Arc::new(Mutex::new(Some(fed)));
    let api = Served::start(Router::new().fallback(any(async move || -> Response {
        let Some(fed) = fed.lock().expect("no panic").take() else {
            return "another".into_response();
        };
        ([("content-type", content_type)], streamed(fed)).into_response()
    })))
    .await;
    (api, feed)
}

fn event_source(browser: &Browser) -> String {
    let request = head(
        browser,
        "GET /api/orders/events HTTP/1.1",
        "accept: text/event-stream\r\n",
    );
    request.replace("x-csrf: 1\r\n", "")
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
async fn point_6_an_event_stream_ends_with_the_session_on_both_sides() {
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
async fn prx_09_a_browser_that_goes_away_ends_the_call() {
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

#[tokio::test]
async fn prx_09_a_browser_that_goes_away_before_the_answer_ends_the_call() {
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
            let frame = hyper::body::Frame::data(Bytes::from_static(&[b'x'; 64 * 1024]));
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
    // It stops by itself when every buffer on the way is full.
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
        "{before} bytes were taken for somebody who reads nothing"
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
        wire.connection.write_all(line.as_bytes()).await.expect("sent");
        let arrived = tokio::time::timeout(Duration::from_secs(5), got.recv()).await;
        assert_eq!(
            arrived.expect("before the upload ends"),
            Some(Bytes::from_static(chunk.as_bytes()))
        );
    }
    // Trailers are headers that nobody has looked at: they end here.
    let end = b"0\r\nauthorization: Bearer canary\r\n\r\n";
    wire.connection.write_all(end).await.expect("sent");
    wire.until("read").await;
}

mod sockets {
    use super::*;
    use axum::http::HeaderMap;
    use futures::{SinkExt, StreamExt};
    use tokio::net::TcpListener;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;
    use tokio_tungstenite::tungstenite::handshake::server::{Request as Asked, Response as Answered};

    /// An API that echoes every message, and tells what it was asked with and when it was closed.
    struct Echo {
        url: String,
        asked: mpsc::Receiver<HeaderMap>,
        closed: mpsc::Receiver<()>,
    }

    async fn echo() -> Echo {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let ((tell_asked, asked), (tell_closed, closed)) = (mpsc::channel(8), mpsc::channel(8));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (tell_asked, tell_closed) = (tell_asked.clone(), tell_closed.clone());
                tokio::spawn(async move {
                    #[expect(clippy::result_large_err, reason = "the signature that tungstenite calls")]
                    let check = |asked: &Asked, mut answer: Answered| {
                        let _ = tell_asked.try_send(asked.headers().clone());
                        if let Some(offered) = asked.headers().get("sec-websocket-protocol") {
                            let first = offered.to_str().expect("ASCII").split(',').next().expect("one");
                            let first = first.parse().expect("a value");
                            answer.headers_mut().insert("sec-websocket-protocol", first);
                        }
                        let evil = "a=b; Path=/; Secure; HttpOnly".parse().expect("a value");
                        answer.headers_mut().insert("set-cookie", evil);
                        Ok(answer)
                    };
                    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(connection, check).await else {
                        return;
                    };
                    while let Some(Ok(message)) = socket.next().await {
                        if (message.is_text() || message.is_binary()) && socket.send(message).await.is_err() {
                            break;
                        }
                    }
                    let _ = tell_closed.send(()).await;
                });
            }
        });
        Echo { url, asked, closed }
    }

    type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

    async fn connect(bff: &Served, browser: &Browser, further: &[(&'static str, &str)]) -> (Socket, HeaderMap) {
        let mut request = format!("ws://{}/api/orders/socket?room=1", bff.address)
            .into_client_request()
            .expect("a request");
        let cookies: Vec<String> = browser
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = request.headers_mut();
        headers.insert("cookie", cookies.join("; ").parse().expect("a value"));
        headers.insert("origin", ORIGIN.parse().expect("a value"));
        for (name, value) in further {
            headers.insert(*name, value.parse().expect("a value"));
        }
        let connection = TcpStream::connect(bff.address).await.expect("connects");
        let (socket, answer) = tokio_tungstenite::client_async(request, connection)
            .await
            .expect("a socket");
        (socket, answer.headers().clone())
    }

    async fn echoed(socket: &mut Socket, message: Message) {
        socket.send(message.clone()).await.expect("open");
        let echo = tokio::time::timeout(Duration::from_secs(5), socket.next())
            .await
            .expect("in time");
        assert_eq!(echo.expect("open").expect("a message"), message);
    }

    #[tokio::test]
    async fn a_socket_carries_messages_both_ways_with_our_bearer() {
        let mut api = echo().await;
        let world = world(&api.url, &[("BFF_API_ORDERS_TIMEOUT", "300ms")]).await;
        let browser = world.signed_in("alice").await;
        let bff = Served::start(world.replica().await).await;
        let further = [
            ("sec-websocket-protocol", "chat, other"),
            ("authorization", "Bearer canary"),
            ("x-user", "canary"),
        ];
        let (mut socket, answer) = connect(&bff, &browser, &further).await;
        assert_eq!(answer["sec-websocket-protocol"], "chat");
        assert!(!answer.contains_key("set-cookie"), "{answer:?}");
        let asked = api.asked.recv().await.expect("asked");
        assert!(asked["authorization"].to_str().expect("ASCII").starts_with("Bearer "));
        assert!(
            !asked.contains_key("cookie") && !format!("{asked:?}").contains("canary"),
            "{asked:?}"
        );
        echoed(&mut socket, Message::text("hello")).await;
        echoed(&mut socket, Message::binary(vec![7; 300_000])).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        echoed(&mut socket, Message::text("longer than the time-out")).await;
        socket.close(None).await.expect("closes");
        let told = tokio::time::timeout(Duration::from_secs(5), api.closed.recv()).await;
        assert!(told.is_ok(), "the API hears of the end");
    }

    #[tokio::test]
    async fn point_6_a_socket_ends_with_the_session_on_both_sides() {
        let mut api = echo().await;
        let world = world(&api.url, &[]).await;
        let browser = world.signed_in("alice").await;
        let (bff, end) = ending(&world).await;
        let (mut socket, _) = connect(&bff, &browser, &[]).await;
        echoed(&mut socket, Message::text("hello")).await;
        let begun = Instant::now();
        end.send_replace(true);
        let closed = tokio::time::timeout(Duration::from_secs(1), socket.next())
            .await
            .expect("within a second");
        assert!(!matches!(closed, Some(Ok(_))), "{closed:?}");
        let told = tokio::time::timeout(Duration::from_secs(1), api.closed.recv()).await;
        assert!(
            told.is_ok() && begun.elapsed() < Duration::from_secs(1),
            "the API's side too"
        );
    }

    #[tokio::test]
    async fn a_browser_that_goes_away_closes_the_socket_and_makes_room() {
        let mut api = echo().await;
        let world = world(&api.url, &[("BFF_API_ORDERS_STREAMS", "1")]).await;
        let browser = world.signed_in("alice").await;
        let bff = Served::start(world.replica().await).await;
        let (mut socket, _) = connect(&bff, &browser, &[]).await;
        echoed(&mut socket, Message::text("hello")).await;
        let handshake =
            "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let request = head(&browser, "GET /api/orders/socket HTTP/1.1", handshake);
        let request = request.replace("connection: close", "connection: upgrade");
        let refused = Wire::open(&bff, &request).await;
        let mut refused = refused;
        refused.until("upstream_busy").await;
        drop(socket);
        let told = tokio::time::timeout(Duration::from_secs(5), api.closed.recv()).await;
        assert!(told.is_ok(), "the API's side is closed too");
        world
            .until("there is room again", async || {
                let mut wire = Wire::open(&bff, &request).await;
                wire.until("\r\n\r\n").await;
                wire.read.starts_with("HTTP/1.1 101 ")
            })
            .await;
    }

    #[tokio::test]
    async fn csrf_09_a_handshake_from_elsewhere_or_that_is_none_opens_nothing() {
        let mut api = echo().await;
        let world = world(&api.url, &[]).await;
        let browser = world.signed_in("alice").await;
        let bff = Served::start(world.replica().await).await;
        let version = "sec-websocket-version: 13\r\n";
        let key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let request = |further: &str| {
            let request = head(
                &browser,
                "GET /api/orders/1 HTTP/1.1",
                &format!("upgrade: websocket\r\n{further}"),
            );
            request.replace("connection: close", "connection: upgrade, close")
        };
        for further in [
            version,
            key,
            &format!("{key}{key}{version}"),
            &format!("{key}sec-websocket-version: 8\r\n"),
        ] {
            let answer = bff.raw(&request(further)).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{further}: {answer}");
        }
        let good = request(&format!("{key}{version}"));
        for (line, other) in [
            (format!("origin: {ORIGIN}\r\n"), String::new()),
            (format!("origin: {ORIGIN}"), "origin: https://evil.example".to_owned()),
            ("site: same-origin".to_owned(), "site: cross-site".to_owned()),
        ] {
            assert!(good.contains(&line));
            let answer = bff.raw(&good.replace(&line, &other)).await;
            assert!(answer.starts_with("HTTP/1.1 403 "), "{other}: {answer}");
        }
        let anonymous = bff.raw(&good.replace("cookie: ", "x: ")).await;
        assert!(anonymous.starts_with("HTTP/1.1 401 "), "{anonymous}");
        assert!(api.asked.try_recv().is_err(), "nothing was opened");
    }
}
