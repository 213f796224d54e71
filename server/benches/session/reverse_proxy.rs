//! What the relay is compared with: an API, and a reverse proxy before it that asks nobody who he is.
//!
//! The proxy is what axum and reqwest make of it with the least work: the same HTTP client with the same settings as the
//! relay's, every header passed on but those of one hop, the answer streamed.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, get};
use reqwest::Client;
use std::sync::Arc;
use std::time::Duration;

/// Where the API's answer is; the same behind the relay and behind the proxy.
pub(crate) const PATH: &str = "/api/orders/2026";

/// How many orders the answer has: it is 1 KB.
const ORDERS: usize = 12;

/// An API that has its answer ready.
pub(crate) fn upstream() -> Router {
    let orders: Vec<_> = (0..ORDERS)
        .map(|number| serde_json::json!({ "id": 20_260_000 + number, "item": "Two chairs, oak", "total": "249.00 EUR", "paid": true }))
        .collect();
    let body = serde_json::to_vec(&serde_json::json!({ "orders": orders })).expect("JSON");
    let body = axum::body::Bytes::from(body);
    let answer = async move || ([(header::CONTENT_TYPE, "application/json")], body.clone());
    Router::new().route(PATH, get(answer))
}

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
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", proxy.upstream);
    let mut onward = reqwest::Request::new(parts.method, url.parse().map_err(|_| StatusCode::BAD_REQUEST)?);
    // The client writes the one of the API.
    parts.headers.remove(header::HOST);
    *onward.headers_mut() = for_the_next_hop(parts.headers);
    // Nothing that is measured has a body.
    let body = to_bytes(body, 64 * 1024).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    *onward.body_mut() = Some(body.into());
    let answer = proxy
        .client
        .execute(onward)
        .await
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let (parts, body) = axum::http::Response::from(answer).into_parts();
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = for_the_next_hop(parts.headers);
    Ok(response)
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
