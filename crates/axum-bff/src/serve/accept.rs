//! Accepts connections and answers the requests on them.

use super::connection::Connection;
use super::host;
use super::listener::Listener;
use super::open_connections::{OpenConnections, Place, UnderWay};
use super::rest::RequestBody;
use super::stream::Stream;
use super::tls::Tls;
use crate::client_address::Peer;
use crate::config::Connections;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;
use tower::Service;

/// The longest head of a request, and the most of an answer that waits in memory, in bytes.
const BUFFER: usize = 64 * 1024;
/// After an error of the system the server waits this long before it accepts again, and doubles it each time.
const PAUSE: Duration = Duration::from_millis(10);
/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Accepts and answers until `end` is there, with TLS if there is a certificate. Resolves when no request is under way any
/// more.
pub(super) async fn serve(
    (listener, tls): (Listener, Option<Tls>),
    router: Router,
    bounds: Connections,
    open: OpenConnections,
    end: impl Future<Output = ()>,
) {
    let ending = watch::Sender::new(false);
    let mut end = pin!(end);
    loop {
        let (stream, peer, place) = tokio::select! {
            accepted = accept(&listener, &open) => accepted,
            () = &mut end => break,
        };
        let (router, ending) = (router.clone(), ending.subscribe());
        match tls.clone() {
            None => {
                let connection = Connection::new(stream, place, bounds.head, bounds.write);
                tokio::spawn(answer(connection, peer, router, bounds.keep_alive, ending));
            }
            Some(tls) => {
                tokio::spawn(async move {
                    let mut ending = ending;
                    // Boxed: it is large, and over before the first request.
                    if let Some(stream) = Box::pin(encrypted(&tls, stream, &place, bounds.head, &mut ending)).await {
                        let connection = Connection::new(stream, place, bounds.head, bounds.write);
                        answer(connection, peer, router, bounds.keep_alive, ending).await;
                    }
                });
            }
        }
    }
    drop(listener);
    ending.send_replace(true);
    ending.closed().await;
}

/// The stream after its handshake. A server that ends waits for none.
async fn encrypted(
    tls: &Tls,
    stream: Stream,
    place: &Place,
    bound: Duration,
    ending: &mut watch::Receiver<bool>,
) -> Option<Stream> {
    let visitor = place.visitor();
    tokio::select! {
        stream = tls.handshake(stream, &visitor, bound) => stream,
        _ = ending.wait_for(|ending| *ending) => None,
    }
}

/// The next connection, once there is a place for it.
async fn accept(listener: &Listener, open: &OpenConnections) -> (Stream, Peer, Place) {
    let mut pause = PAUSE;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, open.place().await),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // No descriptor is free, or no memory. A connection that waits for a request gives one back.
                let one_goes = open.let_longest_waiting_go();
                tracing::warn!(code = "accept_failed", %error, one_goes, "no connection can be accepted");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Whether the connection went away before it was accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Answers the requests of one connection, until it is over or told to go. If the server ends, the request under way is
/// the last one.
async fn answer(
    connection: Connection<Stream>,
    peer: Peer,
    router: Router,
    keep_alive: Duration,
    mut ending: watch::Receiver<bool>,
) {
    let visitor = connection.visitor();
    let asked = visitor.clone();
    let service = service_fn(move |request| one(asked.begin(), peer, router.clone(), request));
    // The time until a head is there has its bound below, which one timer for many requests keeps. hyper's own enters the
    // runtime's timers for each request and leaves them again.
    let http = http1::Builder::new()
        .header_read_timeout(None::<Duration>)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(connection), service)
        .with_upgrades();
    let mut http = pin!(http);
    let mut too_long = pin!(visitor.waits_too_long(keep_alive));
    let is_over = tokio::select! {
        // A connection that breaks is its other end's affair.
        _ = &mut http => true,
        () = visitor.told_to_go() => true,
        () = &mut too_long => true,
        _ = ending.wait_for(|ending| *ending) => false,
    };
    if !is_over {
        http.as_mut().graceful_shutdown();
        tokio::select! {
            _ = http => {}
            () = too_long => {}
        }
    }
    visitor.stay();
}

/// Answers one request.
async fn one(
    under_way: UnderWay,
    peer: Peer,
    mut router: Router,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let under_way = Arc::new(under_way);
    let (parts, body) = request.into_parts();
    // Nothing of an empty body is left unread, and it needs no box.
    let body = if body.is_end_stream() {
        Body::empty()
    } else {
        Body::new(RequestBody::new(body, &parts.headers, under_way.clone()))
    };
    let mut request = Request::from_parts(parts, body);
    let response = if host::is_right(&request) {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request).await?
    } else {
        host::refusal()
    };
    Ok(response.map(|body| ResponseBody {
        body,
        _under_way: under_way,
    }))
}

/// The body of an answer: its request is under way until both bodies are over.
struct ResponseBody {
    body: Body,
    _under_way: Arc<UnderWay>,
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
