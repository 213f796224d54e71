//! `WebSocket` connections through the relay.

use crate::api::{Served, head, world};
use crate::browser::Browser;
use crate::relay_streams::ending;
use crate::wire::Wire;
use crate::world::ORIGIN;
use axum::http::HeaderMap;
use futures::{SinkExt, StreamExt};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Asked, Response as Answered};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// An API that echoes every message. It reports the headers of each handshake and the close of each socket.
pub(crate) struct Echo {
    pub(crate) url: String,
    asked: mpsc::Receiver<HeaderMap>,
    /// The close frame of each closed socket, if one came.
    closed: mpsc::Receiver<Option<CloseFrame>>,
}

pub(crate) async fn echo() -> Echo {
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
                let mut close = None;
                while let Some(Ok(message)) = socket.next().await {
                    if let Message::Close(frame) = message {
                        close = frame;
                    } else if (message.is_text() || message.is_binary()) && socket.send(message).await.is_err() {
                        break;
                    }
                }
                let _ = tell_closed.send(close).await;
            });
        }
    });
    Echo { url, asked, closed }
}

pub(crate) type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

pub(crate) async fn connect(
    bff: SocketAddr,
    browser: &Browser,
    further: &[(&'static str, &str)],
) -> (Socket, HeaderMap) {
    let mut request = format!("ws://{bff}/api/orders/socket?room=1")
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
    let connection = TcpStream::connect(bff).await.expect("connects");
    let (socket, answer) = tokio_tungstenite::client_async(request, connection)
        .await
        .expect("a socket");
    (socket, answer.headers().clone())
}

/// Both sides get a Close frame, with this code and reason, within a second.
async fn assert_both_are_told(socket: &mut Socket, api: &mut Echo, told: (u16, &str)) {
    let both = async { tokio::join!(socket.next(), api.closed.recv()) };
    let (browser, api) = tokio::time::timeout(Duration::from_secs(1), both)
        .await
        .expect("within a second");
    let Some(Ok(Message::Close(browser))) = browser else {
        panic!("{browser:?}");
    };
    for side in [browser, api.expect("the API lives")] {
        let frame = side.expect("a reason");
        assert_eq!((u16::from(frame.code), frame.reason.as_str()), told);
    }
    assert!(socket.next().await.is_none(), "the socket is closed after the frame");
}

const SESSION_ENDED: (u16, &str) = (1008, "session_ended");

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
    let (mut socket, answer) = connect(bff.address, &browser, &further).await;
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
    assert!(told.is_ok(), "the API sees that the socket is closed");
}

#[tokio::test]
async fn a_socket_ends_with_the_session_on_both_sides() {
    let mut api = echo().await;
    let world = world(&api.url, &[]).await;
    let browser = world.signed_in("alice").await;
    let (bff, end) = ending(&world).await;
    let (mut socket, _) = connect(bff.address, &browser, &[]).await;
    echoed(&mut socket, Message::text("hello")).await;
    end.send_replace(true);
    assert_both_are_told(&mut socket, &mut api, SESSION_ENDED).await;
}

#[tokio::test]
async fn a_logout_on_another_replica_closes_a_socket() {
    let mut api = echo().await;
    let world = world(&api.url, &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let (mut socket, _) = connect(bff.address, &browser, &[]).await;
    echoed(&mut socket, Message::text("hello")).await;
    let mut elsewhere = browser.at(world.replica().await);
    elsewhere.submit("/auth/logout").await;
    assert_both_are_told(&mut socket, &mut api, SESSION_ENDED).await;
}

#[tokio::test]
async fn a_server_that_ends_tells_both_sides_that_it_goes_away() {
    let mut api = echo().await;
    let world = world(&api.url, &[]).await;
    let browser = world.signed_in("alice").await;
    let (server, address) = world.server().await;
    let (end, ended) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = ended.await;
    }));
    let (mut socket, _) = connect(address, &browser, &[]).await;
    echoed(&mut socket, Message::text("hello")).await;
    drop(end);
    assert_both_are_told(&mut socket, &mut api, (1001, "server_going_away")).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), running).await;
    ended.expect("in time").expect("no panic");
}

#[tokio::test]
async fn a_browser_that_goes_away_closes_the_socket_and_makes_room() {
    let mut api = echo().await;
    let world = world(&api.url, &[("BFF_API_ORDERS_STREAMS", "1")]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let (mut socket, _) = connect(bff.address, &browser, &[]).await;
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
        .until("a socket is accepted again", async || {
            let mut wire = Wire::open(&bff, &request).await;
            wire.until("\r\n\r\n").await;
            wire.read.starts_with("HTTP/1.1 101 ")
        })
        .await;
}

/// CSRF-09
#[tokio::test]
async fn a_handshake_from_elsewhere_or_that_is_none_opens_nothing() {
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
