//! The listener of the metrics: one route, for a machine that scrapes.

use super::gauges::set_connections_limit;
use crate::auth::refuse_head;
use crate::bff::Bff;
use crate::config::Connections;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// The path of the metrics.
const PATH: &str = "/metrics";

/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One scraper keeps one connection. More than these close the one that has waited longest.
const BOUNDS: Connections = Connections {
    at_once: 32,
    head: Duration::from_secs(10),
    keep_alive: Duration::from_secs(150),
    write: Duration::from_secs(30),
};

/// The taken address, and the answers there.
#[derive(Debug)]
pub(crate) struct MetricsListener {
    pub(crate) listener: TcpListener,
    pub(crate) router: Router,
    pub(crate) bounds: Connections,
}

/// Takes the address of `BFF_METRICS_LISTEN`. `limit` is the number of connections that browsers may have.
pub(crate) async fn bind(bff: &Bff, address: SocketAddr, limit: usize) -> io::Result<MetricsListener> {
    let listener = TcpListener::bind(address).await?;
    set_connections_limit(bff.metrics.recorder(), limit);
    if let Ok(address) = listener.local_addr() {
        tracing::info!(code = "metrics_listening", %address, "the metrics are at /metrics");
    }
    Ok(MetricsListener {
        listener,
        router: router(bff.clone()),
        bounds: BOUNDS,
    })
}

fn router(bff: Bff) -> Router {
    Router::new()
        .route(PATH, get(metrics).head(refuse_head))
        .fallback(async || StatusCode::NOT_FOUND)
        .with_state(bff)
}

async fn metrics(State(bff): State<Bff>) -> Response {
    match bff.metrics() {
        Some(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
