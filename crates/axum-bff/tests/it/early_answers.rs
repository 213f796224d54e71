//! An answer that comes before the end of its request's body reaches the sender of the request, and a proxy between
//! them keeps its connection.

use crate::api::{self, Api, head};
use crate::browser::Browser;
use crate::world::World;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// More bytes than the buffers of two sockets hold.
const LARGE: usize = 12 * 1024 * 1024;

/// The program on a port. It ends when this is dropped.
struct Running {
    address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(world: &World) -> Self {
        let (server, address) = world.server().await;
        let (end, ended) = oneshot::channel::<()>();
        let task = tokio::spawn(server.run(async {
            let _ = ended.await;
        }));
        let end = Some(end);
        Self { address, end, task }
    }

    /// Sends all requests on one connection and reads only afterwards, as some senders do. Gives all answers, up to the
    /// end of the connection.
    async fn answers(&self, requests: &[&[u8]]) -> String {
        let exchange = async {
            let mut connection = TcpStream::connect(self.address).await.expect("connects");
            for request in requests {
                connection.write_all(request).await.expect("all of it is taken");
            }
            let mut answer = Vec::new();
            connection.read_to_end(&mut answer).await.expect("no reset");
            String::from_utf8_lossy(&answer).into_owned()
        };
        tokio::time::timeout(Duration::from_secs(30), exchange)
            .await
            .expect("in time")
    }

    async fn stop(mut self) {
        drop(self.end.take());
        self.task.await.expect("ends");
    }
}

/// The two framings of a body of this size: the header, and the bytes.
fn framed(size: usize) -> [(String, Vec<u8>); 2] {
    let mut chunked = format!("{size:x}\r\n").into_bytes();
    chunked.extend(vec![b'x'; size]);
    chunked.extend(b"\r\n0\r\n\r\n");
    [
        (format!("content-length: {size}\r\n"), vec![b'x'; size]),
        ("transfer-encoding: chunked\r\n".to_owned(), chunked),
    ]
}

fn kept_alive(browser: &Browser, first: &str, further: &str) -> String {
    head(browser, first, further).replace("connection: close\r\n", "")
}

#[tokio::test]
async fn an_early_refusal_is_read_by_its_sender_and_the_connection_goes_on() {
    let api = Api::friendly().await;
    let world = api::world(&api.served.url(), &[]).await;
    let (alice, nobody) = (world.signed_in("alice").await, world.browser());
    let bff = Running::start(&world).await;
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    for (what, browser, first, further, status) in [
        ("too large for an API", &alice, "POST /api/orders/1", "", "413"),
        ("too large for a form", &alice, "POST /_fn/add_note", form, "413"),
        ("without a session", &nobody, "POST /api/orders/1", "", "401"),
        (
            "of an unknown origin",
            &nobody,
            "POST /auth/logout",
            "origin: null\r\nsec-fetch-site: none\r\n",
            "403",
        ),
        ("to no API", &alice, "POST /api/unknown/1", "", "404"),
        ("to no route", &alice, "PUT /livez", "", "405"),
        (
            "too large for the provider",
            &nobody,
            "POST /auth/backchannel-logout",
            form,
            "400",
        ),
    ] {
        for (framing, body) in framed(LARGE) {
            let first = format!("{first} HTTP/1.1");
            let request = kept_alive(browser, &first, &format!("{further}{framing}"));
            let next = head(&nobody, "GET /livez HTTP/1.1", "");
            let answer = bff.answers(&[request.as_bytes(), &body, next.as_bytes()]).await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{what}, {framing}: {answer}"
            );
            assert!(
                answer.contains("{\"status\":\"ok\"}"),
                "{what}, {framing}, the next one: {answer}"
            );
        }
    }
    assert!(api.calls().is_empty());
    bff.stop().await;
}

/// A sender with `Expect: 100-continue` has not sent the body yet. It takes the refusal instead of `100 Continue`.
#[tokio::test]
async fn a_sender_who_waits_for_a_word_is_refused_and_let_go() {
    let world = World::start().await;
    let bff = Running::start(&world).await;
    let waits = "expect: 100-continue\r\ncontent-length: 1000000\r\n";
    let request =
        kept_alive(&world.browser(), "POST /_fn/add_note HTTP/1.1", waits).replace("same-origin", "cross-site");
    let begun = std::time::Instant::now();
    let answer = bff.answers(&[request.as_bytes()]).await;
    assert!(
        answer.starts_with("HTTP/1.1 403 ") && !answer.contains("100 Continue"),
        "{answer}"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "its connection is closed at once"
    );
    bff.stop().await;
}

/// An API that refuses a call after its head. It reads the body to its end where `reads_on` is set, and otherwise
/// closes the connection at once.
async fn refusing(reads_on: bool) -> String {
    const REFUSAL: &str = "HTTP/1.1 413 Content Too Large\r\ncontent-type: text/plain\r\ncontent-length: 12\r\n\
                           connection: close\r\n\r\nat most 1 KB";
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut read = vec![0; 64 * 1024];
                let _ = connection.read(&mut read).await;
                let _ = connection.write_all(REFUSAL.as_bytes()).await;
                if reads_on {
                    let _ = connection.shutdown().await;
                    while connection.read(&mut read).await.is_ok_and(|count| count > 0) {}
                }
            });
        }
    });
    url
}

/// Makes ten calls, with both framings, to an API that refuses them early. Expects each refusal whole.
async fn are_refused_whole(reads_on: bool) {
    let url = refusing(reads_on).await;
    let world = api::world(&url, &[("BFF_API_ORDERS_BODY_LIMIT", "100MiB")]).await;
    let alice = world.signed_in("alice").await;
    let bff = Running::start(&world).await;
    for round in 0..5 {
        for (framing, body) in framed(LARGE) {
            let request = head(&alice, "POST /api/orders/1 HTTP/1.1", &framing);
            let answer = bff.answers(&[request.as_bytes(), &body]).await;
            assert!(answer.starts_with("HTTP/1.1 413 "), "{framing}, {round}: {answer}");
            assert!(answer.contains("at most 1 KB"), "{framing}, {round}: {answer}");
        }
    }
    bff.stop().await;
}

#[tokio::test]
async fn an_apis_refusal_before_the_body_is_over_is_relayed_whole() {
    are_refused_whole(true).await;
}

/// A reset meets the part of the body that is still on its way. The API's answer came before the reset.
#[tokio::test]
async fn an_apis_refusal_that_closes_the_connection_at_once_is_relayed_whole() {
    are_refused_whole(false).await;
}
