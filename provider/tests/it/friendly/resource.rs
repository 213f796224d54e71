//! The resource API.

use provider::{Endpoint, Provider};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{call, friendly, member, tokens};
use crate::browser::{LONGEST_WAIT, exchange, get, parse};

#[tokio::test]
async fn without_a_good_access_token_there_is_only_401() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let token = member(&tokens, "access_token");
    for headers in [
        vec![],
        vec![("authorization", "Bearer made-up".to_owned())],
        vec![("authorization", format!("Basic {token}"))],
        vec![("authorization", format!("Bearer {}", member(&tokens, "refresh_token")))],
        vec![("authorization", format!("Bearer {}", member(&tokens, "id_token")))],
        vec![("x-access-token", token.to_owned())],
    ] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for path in [
            "/resource/whoami",
            "/resource/orders",
            "/resource/events",
            "/resource/made-up",
        ] {
            let answer = get(&provider, path, &headers).await;
            assert_eq!(answer.status, 401, "{path} {headers:?}");
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Bearer error=\"invalid_token\"")
            );
        }
    }
    let in_query = get(&provider, &format!("/resource/whoami?access_token={token}"), &[]).await;
    assert_eq!(in_query.status, 401);
    assert_eq!(call(&provider, "/resource/made-up", token).await.status, 404);
}

#[tokio::test]
async fn whoami_says_in_whose_name_and_which_headers_but_no_value() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let bearer = format!("Bearer {}", member(&tokens, "access_token"));
    let headers = [("authorization", &*bearer), ("X-Canary", "canary-value")];
    let answer = get(&provider, "/resource/whoami", &headers).await;
    let text = answer.text();
    assert!(!text.contains("canary-value") && !text.contains(member(&tokens, "access_token")));
    let whoami = answer.json();
    assert_eq!(whoami["sub"], provider.subject("alice"));
    assert_eq!(whoami["scope"], "openid profile email offline_access");
    assert_eq!(
        (&whoami["client_id"], &whoami["bearer"]),
        (&"the client".into(), &true.into())
    );
    let length = member(&tokens, "access_token").len();
    assert_eq!(
        (&whoami["scheme"], &whoami["token_length"]),
        (&"Bearer".into(), &length.into())
    );
    let names = json!(["authorization", "connection", "content-length", "host", "x-canary"]);
    assert_eq!(whoami["headers"], names);
    let calls = provider.calls_to(Endpoint::Resource);
    assert_eq!((calls.len(), calls[0].path.as_str()), (1, "/resource/whoami"));
}

#[tokio::test]
async fn orders_are_the_persons_and_add_up() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let orders = call(&provider, "/resource/orders", member(&tokens, "access_token"))
        .await
        .json();
    let orders = orders.as_array().expect("a list");
    assert_eq!(orders.len(), 3);
    assert_eq!(
        (&orders[0]["number"], &orders[0]["total_cents"]),
        (&"2026-0418".into(), &8560.into())
    );
}

#[tokio::test]
async fn echo_sends_back_the_body_with_its_type() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let bearer = format!("Bearer {}", member(&tokens, "access_token"));
    // The body is larger than any other endpoint accepts.
    let body = "0123456789abcdef".repeat(1 << 17);
    let raw = exchange(
        &provider,
        "POST",
        "/resource/echo",
        &[("authorization", &bearer)],
        &body,
    )
    .await;
    let answer = parse(&raw).expect("an answer");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/x-www-form-urlencoded"))
    );
    assert!(answer.text() == body, "the whole body");
    assert!(provider.calls_to(Endpoint::Resource)[0].form.is_empty());
}

/// The connection of a request that was sent, and its provider, which must live as long as the connection.
async fn opened(path: &str, further: &str) -> (Provider, TcpStream) {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let host = provider.issuer().strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(host).await.expect("the provider listens");
    let bearer = member(&tokens, "access_token");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {bearer}\r\n{further}\r\n");
    stream.write_all(request.as_bytes()).await.expect("the provider reads");
    (provider, stream)
}

async fn read_until(stream: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let mut read = Vec::new();
    let reading = async {
        while !read.ends_with(end) {
            read.push(stream.read_u8().await.expect("more"));
        }
    };
    let read_in_time = timeout(LONGEST_WAIT, reading).await;
    read_in_time.unwrap_or_else(|_| panic!("no end"));
    read
}

async fn text_until(stream: &mut TcpStream, end: &[u8]) -> String {
    String::from_utf8(read_until(stream, end).await).expect("text")
}

#[tokio::test]
async fn events_come_one_after_the_other() {
    let (_provider, mut stream) = opened("/resource/events", "").await;
    let head = text_until(&mut stream, b"\r\n\r\n").await;
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    for count in 0..2 {
        let event = text_until(&mut stream, b"\n\n").await;
        assert!(
            event.contains("event: tick") && event.contains(&format!("data: {{\"count\":{count}}}")),
            "{event}"
        );
    }
}

#[tokio::test]
async fn a_socket_sends_back_what_it_gets() {
    let handshake = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                     sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let (_provider, mut stream) = opened("/resource/socket", handshake).await;
    let head = text_until(&mut stream, b"\r\n\r\n").await;
    assert!(
        head.starts_with("HTTP/1.1 101") && head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        "{head}"
    );
    // RFC 6455 §5.2: a final text frame of two bytes, masked with zeros. A server does not mask its answer.
    stream
        .write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i'])
        .await
        .expect("sent");
    assert_eq!(read_until(&mut stream, b"hi").await, [0x81, 2, b'h', b'i']);
}
