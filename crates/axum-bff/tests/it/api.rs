//! An API behind the relay. The test chooses its answers, and it remembers the calls.

use crate::browser::{Answer, Browser};
use crate::world::{ORIGIN, World};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use http_body_util::BodyExt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A call that the API got.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}

/// A server on loopback. It stops when this is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    pub(crate) async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::start_on(listener, address, router)
    }

    fn start_on<L: Listener<Addr: std::fmt::Debug>>(listener: L, address: SocketAddr, router: Router) -> Self {
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { address, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends these bytes and reads until the connection is closed, for at most ten seconds.
    pub(crate) async fn raw(&self, request: &str) -> String {
        let mut connection = TcpStream::connect(self.address).await.expect("connects");
        connection.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(10), connection.read_to_end(&mut answer)).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) struct Api {
    pub(crate) served: Served,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Api {
    /// An API that reads every call whole and then answers it.
    pub(crate) async fn start(answer: impl Fn(&Call) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::start_on(listener, address, answer)
    }

    /// The same, with a listener of the test's own, such as one for TLS.
    pub(crate) fn start_on<L: Listener<Addr: std::fmt::Debug>>(
        listener: L,
        address: SocketAddr,
        answer: impl Fn(&Call) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = calls.clone();
        let router = Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let Ok(body) = body.collect().await else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            let call = Call {
                method: parts.method,
                target: parts.uri.to_string(),
                headers: parts.headers,
                body: body.to_bytes(),
            };
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
            answer(&call)
        });
        Self {
            served: Served::start_on(listener, address, router),
            calls,
        }
    }

    /// An API that answers every call with `{}`.
    pub(crate) async fn friendly() -> Self {
        Self::start(|_| json("{}")).await
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The calls since the last time.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) fn json(text: &'static str) -> Response {
    ([("content-type", "application/json")], text).into_response()
}

/// The headers that a script of our own page sends with a call.
pub(crate) const CALL: [(&str, &str); 5] = [
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
    ("x-csrf", "1"),
];

/// A world with this API under the name `orders`, and further settings.
pub(crate) async fn world(url: &str, further: &[(&str, &str)]) -> World {
    let settings = [&[("BFF_API_ORDERS", url)][..], further].concat();
    World::start_with(&settings).await
}

/// Calls as a script of our own page does.
pub(crate) async fn call(browser: &mut Browser, method: Method, path: &str) -> Answer {
    browser.send(method, path, &CALL, "").await
}

/// The head of a raw request, with all headers that the relay demands. `first` is the request line, and `further` holds
/// more headers.
pub(crate) fn head(browser: &Browser, first: &str, further: &str) -> String {
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{first}\r\nhost: app.example.com\r\nconnection: close\r\norigin: {ORIGIN}\r\nsec-fetch-site: same-origin\r\n\
         x-csrf: 1\r\ncookie: {}\r\n{further}\r\n",
        cookies.join("; ")
    )
}

/// A body of the texts that `next` receives. It ends when the channel is closed.
pub(crate) fn streamed(next: tokio::sync::mpsc::Receiver<&'static str>) -> Body {
    struct Fed(tokio::sync::mpsc::Receiver<&'static str>);
    impl hyper::body::Body for Fed {
        type Data = Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            let next = self.0.poll_recv(context);
            next.map(|next| next.map(|text| Ok(hyper::body::Frame::data(Bytes::from_static(text.as_bytes())))))
        }
    }
    Body::new(Fed(next))
}
