//! The way of a person through a proxy, the same for every proxy.

use crate::browser::{ADDRESS, Browser, CLAIMED, FETCH, HOST, NAVIGATE};
use crate::proxy::Proxy;
use crate::world::{ORIGIN, World};
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// An event that the proxy holds back arrives when its buffer is full or the stream ends, and not within this time.
const AT_ONCE: Duration = Duration::from_secs(1);

const BOUND: Duration = Duration::from_secs(20);

/// A person signs in through the proxy, and everything that a proxy may spoil works.
pub(crate) async fn through(proxy: &Proxy, world: &World) {
    leads_to_https(proxy).await;
    let mut browser = Browser::new(proxy.secure(), proxy.certificate());
    browser.sign_in(&world.provider, "alice").await;
    shows_the_browsers_address(&mut browser).await;
    takes_a_large_head(&mut browser).await;
    refuses_a_larger_head(&mut browser).await;
    bounds_bodies(&mut browser).await;
    carries_a_socket(&browser).await;
    passes_events_on(&mut browser).await;
}

/// The answer to a request without TLS for this host, in lower case.
async fn plain(proxy: &Proxy, host: &str) -> String {
    let mut connection = TcpStream::connect(proxy.plain()).await.expect("the proxy listens");
    let request = format!("GET /profile?a=b HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let read = tokio::time::timeout(BOUND, connection.read_to_end(&mut answer)).await;
    read.expect("in time").expect("an answer");
    String::from_utf8_lossy(&answer).to_lowercase()
}

/// A redirect to a name of the browser's choice would be one that a cache keeps for others.
pub(crate) async fn leads_to_no_other_name(proxy: &Proxy) {
    let answer = plain(proxy, "other.example.net").await;
    assert!(!answer.contains("location:"), "{answer}");
    // nginx closes the connection without an answer.
    assert!(answer.is_empty() || answer.starts_with("http/1.1 421"), "{answer}");
}

async fn leads_to_https(proxy: &Proxy) {
    let answer = plain(proxy, HOST).await;
    let is_redirect = answer.starts_with("http/1.1 301") || answer.starts_with("http/1.1 308");
    let location = format!("location: {ORIGIN}/profile?a=b");
    assert!(is_redirect && answer.contains(&location), "{answer}");
}

/// The server notes the address that the proxy saw, and not the one that the browser claims.
async fn shows_the_browsers_address(browser: &mut Browser) {
    let sessions = browser.navigate("/sessions").await;
    assert_eq!(sessions.status, 200, "{sessions:?}");
    assert!(sessions.body.contains(ADDRESS), "{sessions:?}");
    assert!(!sessions.body.contains(CLAIMED), "{sessions:?}");
}

/// A callback has the sealed `state` in its address, and a browser may send cookies of other applications of the host.
async fn takes_a_large_head(browser: &mut Browser) {
    let answer = browser
        .navigate(&format!("/auth/session?padding={}", "p".repeat(20_000)))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.contains("active"), "{answer:?}");
    let headers = format!("{NAVIGATE}x-padding: {}\r\n", "p".repeat(20_000));
    let answer = browser.send("GET", "/auth/session", &headers, b"").await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

async fn refuses_a_larger_head(browser: &mut Browser) {
    let answer = browser
        .navigate(&format!("/auth/session?padding={}", "p".repeat(200_000)))
        .await;
    // 400 is the answer of HAProxy to a head that does not fit in its buffer. 0: the connection was closed without an answer.
    assert!(matches!(answer.status, 0 | 400 | 414 | 431), "{}", answer.status);
    let answer = browser.navigate("/auth/session").await;
    assert_eq!(answer.status, 200, "the proxy goes on");
}

async fn bounds_bodies(browser: &mut Browser) {
    let headers =
        |length: usize| format!("{FETCH}x-csrf: 1\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n");
    let fits = vec![b'b'; 900_000];
    let answer = browser
        .send("POST", "/api/counting/", &headers(fits.len()), &fits)
        .await;
    assert!(answer.status == 200 && answer.body.contains("900000"), "{answer:?}");
    // The answer comes before the body has ended, and reaches the browser all the same.
    let larger = vec![b'b'; 3_000_000];
    let answer = browser
        .send("POST", "/api/counting/", &headers(larger.len()), &larger)
        .await;
    assert_eq!(answer.status, 413, "{answer:?}");
}

async fn carries_a_socket(browser: &Browser) {
    let mut request = format!("wss://{HOST}/api/echoing/")
        .into_client_request()
        .expect("a request");
    let headers = request.headers_mut();
    headers.insert("cookie", browser.cookies().parse().expect("a value"));
    headers.insert("origin", ORIGIN.parse().expect("a value"));
    let connection = browser.connect().await;
    let (mut socket, _) = tokio_tungstenite::client_async(request, connection)
        .await
        .expect("a socket");
    socket.send(Message::text("hello")).await.expect("open");
    let echo = tokio::time::timeout(BOUND, socket.next()).await.expect("in time");
    assert_eq!(echo.expect("open").expect("a message"), Message::text("hello"));
}

/// The state of the session arrives at once, and so does its end.
async fn passes_events_on(browser: &mut Browser) {
    let mut events = browser.open("/auth/events").await;
    let first = events.until(r#""status":"active""#).await;
    assert!(first < AT_ONCE, "{first:?}");
    let headers = format!("{NAVIGATE}content-length: 0\r\n");
    let ended = browser.send("POST", "/auth/logout", &headers, b"").await;
    assert!(matches!(ended.status, 200 | 303), "{ended:?}");
    let told = events.until(r#""status":"ended""#).await;
    assert!(told < AT_ONCE, "{told:?}");
}
