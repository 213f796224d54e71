use std::time::Instant;

use tokio::net::TcpListener;

use super::*;
use crate::tests::{
    answerer::{Answerer, Reply},
    provider::registration,
};
use bff_clock::SystemClock;

fn client(issuer: &str, timeout: Duration) -> HttpClient {
    let mut registration = registration(issuer);
    registration.http_timeout = timeout;
    HttpClient::new(
        &registration,
        &Url::parse(issuer).expect("a URL"),
        Arc::new(SystemClock),
    )
    .expect("a client")
}

async fn get(origin: &str, path: &str, limit: usize) -> Result<HttpResponse, HttpError> {
    let client = client(origin, Duration::from_secs(5));
    client
        .send(
            client.get(&Url::parse(&format!("{origin}{path}")).expect("a URL")),
            limit,
        )
        .await
}

/// DISC-06
#[tokio::test]
async fn redirects_are_not_followed() {
    let answerer = Answerer::start().await;
    answerer.set("/here", Reply::redirect("/there"));
    let answer = get(&answerer.origin, "/here", 100).await.expect("an answer");
    assert_eq!(answer.document(), Err(DocumentError::Status(302)));
    assert_eq!(answerer.calls("/there").len(), 0);
}

/// DISC-03
#[tokio::test]
async fn the_size_of_an_answer_is_bounded() {
    let answerer = Answerer::start().await;
    answerer.set("/", Reply::new(200, "application/json", vec![b' '; 101]));
    let error = get(&answerer.origin, "/", 100).await.err().expect("too large");
    assert_eq!(
        (error.code(), error.fault()),
        ("provider_answer_too_large", Fault::Provider)
    );
    assert!(get(&answerer.origin, "/", 101).await.is_ok());
}

/// DISC-03
#[tokio::test]
async fn only_a_json_object_typed_json_with_status_200_is_a_document() {
    let answerer = Answerer::start().await;
    let cases = [
        (Reply::new(200, "application/json", "{}"), None),
        (Reply::new(200, "Application/JSON; charset=utf-8", "{}"), None),
        (
            Reply::new(201, "application/json", "{}"),
            Some(DocumentError::Status(201)),
        ),
        (
            Reply::new(204, "application/json", ""),
            Some(DocumentError::Status(204)),
        ),
        (
            Reply::new(404, "application/json", "{}"),
            Some(DocumentError::Status(404)),
        ),
        (
            Reply::new(500, "application/json", "{}"),
            Some(DocumentError::Status(500)),
        ),
        (Reply::new(200, "text/json", "{}"), None),
        (Reply::new(200, "application/jwk-set+json", "{}"), None),
        (Reply::new(200, "application/json;charset=\"utf-8\"", "{}"), None),
        (Reply::new(200, "application/json", "\u{feff}{}"), None),
        (
            Reply::json(&serde_json::json!({})).with_header("content-encoding", "gzip"),
            Some(DocumentError::Encoded),
        ),
        (
            Reply::new(200, "application/json", "[]"),
            Some(DocumentError::NotAnObject),
        ),
        (
            Reply::new(200, "application/json", "{\"a\":"),
            Some(DocumentError::NotAnObject),
        ),
        (
            Reply::new(200, "application/json", "{\"a\":1,\"a\":2}"),
            Some(DocumentError::NotAnObject),
        ),
    ];
    for (reply, error) in cases {
        let what = format!("{reply:?}");
        answerer.set("/", reply);
        let answer = get(&answerer.origin, "/", 100).await.expect("an answer");
        assert_eq!(answer.document().err(), error, "{what}");
    }
}

/// DISC-03
///
/// Some providers and proxies compress their answers unless a request refuses that. The client decompresses nothing.
#[tokio::test]
async fn every_request_asks_for_an_answer_that_is_not_compressed() {
    let answerer = Answerer::start().await;
    answerer.set("/", Reply::json(&serde_json::json!({})));
    let client = client(&answerer.origin, Duration::from_secs(5));
    let url = Url::parse(&answerer.origin).expect("a URL");
    for request in [client.get(&url), client.post_form(&url, String::new())] {
        client.send(request, 100).await.expect("an answer");
    }
    let asked = answerer.calls("/");
    assert_eq!(asked.len(), 2);
    assert!(
        asked.iter().all(|call| call.headers["accept-encoding"] == "identity"),
        "{asked:?}"
    );
}

/// DISC-03
#[tokio::test]
async fn another_media_type_is_refused_with_what_was_found() {
    let answerer = Answerer::start().await;
    for (media_type, found) in [
        ("text/html; charset=utf-8", "the media type is text/html,"),
        ("Application/JWT", "the media type is application/jwt,"),
        ("application/jsonp", "the media type is one of another name,"),
        ("text/x+json", "the media type is one of another name,"),
        ("", "the media type is missing,"),
    ] {
        answerer.set("/", Reply::new(200, media_type, "{}"));
        let answer = get(&answerer.origin, "/", 100).await.expect("an answer");
        let error = answer.document().expect_err(media_type);
        assert!(matches!(error, DocumentError::MediaType(_)), "{media_type}");
        assert!(error.to_string().starts_with(found), "{media_type}: {error}");
    }
}

/// TOK-11
#[tokio::test]
async fn a_provider_that_never_answers_is_given_up() {
    let answerer = Answerer::start().await;
    answerer.set("/", Reply::never());
    let client = client(&answerer.origin, Duration::from_millis(100));
    let begin = Instant::now();
    let error = client
        .send(client.get(&Url::parse(&answerer.origin).expect("a URL")), 100)
        .await
        .err()
        .expect("no answer");
    assert_eq!((error.code(), error.fault()), ("provider_timeout", Fault::Unavailable));
    assert!(begin.elapsed() < Duration::from_secs(5));
}

/// TOK-11
#[tokio::test]
async fn an_answer_that_stops_half_way_is_given_up() {
    for (keep_open, code) in [(true, "provider_timeout"), (false, "provider_unreachable")] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            // `readable` may return although there is nothing to read.
            let mut request = [0; 4096];
            while stream.try_read(&mut request).is_err() {
                stream.readable().await.expect("a request");
            }
            stream.writable().await.expect("the client waits");
            stream
                .try_write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
                .expect("the client waits");
            if keep_open {
                std::future::pending::<()>().await;
            }
        });
        let client = client(&origin, Duration::from_millis(200));
        let error = client
            .send(client.get(&Url::parse(&origin).expect("a URL")), 2000)
            .await
            .err()
            .expect("half an answer");
        assert_eq!(error.code(), code);
        server.abort();
    }
}

/// DISC-05
#[tokio::test]
async fn an_https_address_is_never_spoken_to_in_clear() {
    let answerer = Answerer::start().await;
    let https = answerer.origin.replace("http:", "https:");
    let client = client(&answerer.origin, Duration::from_secs(5));
    let error = client
        .send(client.get(&Url::parse(&https).expect("a URL")), 100)
        .await
        .err()
        .expect("no TLS there");
    assert_eq!(error.code(), "provider_unreachable");
    assert!(matches!(error, HttpError::NotTls(_)), "{error:?}");
    assert_eq!(answerer.calls("/").len(), 0);
}

/// DISC-04
#[test]
fn only_https_and_switched_on_loopback_are_secure() {
    for (address, without, with) in [
        ("https://op.example/token", true, true),
        ("https://op.example:8443/token?a=b", true, true),
        ("http://op.example/token", false, false),
        ("http://127.0.0.1:4000/token", false, true),
        ("http://127.8.9.10/token", false, true),
        ("http://[::1]:4000/token", false, true),
        ("http://localhost:4000/token", false, true),
        ("http://localhost.op.example/token", false, false),
        ("http://127.0.0.1.op.example/token", false, false),
        ("http://0.0.0.0/token", false, false),
        ("http://169.254.169.254/token", false, false),
        ("https://me@op.example/token", false, false),
        ("https://me:secret@op.example/token", false, false),
        ("https://op.example/token#here", false, false),
        ("file:///etc/passwd", false, false),
        ("javascript:alert(1)", false, false),
    ] {
        let address = Url::parse(address).expect("a URL");
        assert_eq!(is_secure(&address, false), without, "{address}");
        assert_eq!(is_secure(&address, true), with, "{address} with loopback");
    }
}
