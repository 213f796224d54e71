//! What the relay is compared with: a reverse proxy before the API, without sign-in.
//!
//! The proxy is what axum and reqwest make of it with the least work: the same HTTP client with the same settings as the
//! relay's, every header passed on but those of one hop, the answer streamed, a WebSocket's bytes copied.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use reqwest::Client;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::copy_bidirectional;

struct Proxy {
    client: Client,
    /// The API's origin.
    upstream: String,
}

/// A reverse proxy before the API at this origin.
pub(crate) fn proxy(upstream: String) -> Router {
    let proxy = Proxy {
        client: client(),
        upstream,
    };
    Router::new()
        .route("/api/{*path}", any(pass))
        .with_state(Arc::new(proxy))
}

/// As `relay/upstream.rs` makes it for an API without TLS.
fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let nobody = rustls::ClientConfig::builder()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only()
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(4))
        .tcp_keepalive(Duration::from_secs(30))
        .tls_backend_preconfigured(nobody)
        .build()
        .expect("a client")
}

async fn pass(State(proxy): State<Arc<Proxy>>, request: Request) -> Result<Response, StatusCode> {
    let (mut parts, body) = request.into_parts();
    let browser = parts
        .headers
        .contains_key(header::UPGRADE)
        .then(|| parts.extensions.remove::<OnUpgrade>());
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", proxy.upstream);
    let mut onward = reqwest::Request::new(parts.method, url.parse().map_err(|_| StatusCode::BAD_REQUEST)?);
    // The client writes the one of the API.
    parts.headers.remove(header::HOST);
    *onward.headers_mut() = for_the_next_hop(parts.headers);
    if browser.is_some() {
        switch(onward.headers_mut());
    }
    // Nothing that is measured has a body.
    let body = to_bytes(body, 64 * 1024).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    *onward.body_mut() = Some(body.into());
    let answer = proxy
        .client
        .execute(onward)
        .await
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    if let Some(browser) = browser.flatten() {
        return Ok(join(browser, answer));
    }
    let (parts, body) = axum::http::Response::from(answer).into_parts();
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = for_the_next_hop(parts.headers);
    Ok(response)
}

/// The API's answer to a WebSocket handshake, and from then on the bytes of both sides.
fn join(browser: OnUpgrade, answer: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = for_the_next_hop(answer.headers().clone());
    switch(response.headers_mut());
    tokio::spawn(async move {
        if let (Ok(browser), Ok(mut api)) = tokio::join!(browser, answer.upgrade()) {
            // Either side ends it.
            let _ = copy_bidirectional(&mut TokioIo::new(browser), &mut api).await;
        }
    });
    response
}

/// What both sides of a WebSocket handshake carry beside their own headers (RFC 6455 §4).
pub(super) fn switch(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}

/// RFC 9110 §7.6.1, but for what `Connection` names: nothing that is measured names any.
fn for_the_next_hop(mut headers: HeaderMap) -> HeaderMap {
    const HOP: [HeaderName; 6] = [
        header::CONNECTION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        HeaderName::from_static("keep-alive"),
    ];
    for name in &HOP {
        headers.remove(name);
    }
    headers
}
