//! A WebSocket (RFC 6455): the handshake is relayed, and after it bytes.
//!
//! Browser and API agree in the handshake on subprotocol and extensions,
//! and the browser checks `Sec-WebSocket-Accept`.

use super::head::names;
use super::tunnel::{Bounds, tunnel};
use super::{RelayError, Upstream, UpstreamError};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::time::Duration;

/// After the heads have been exchanged both connections are there at once.
const SWITCH_TIMEOUT: Duration = Duration::from_secs(5);

/// A browser's half of a handshake.
#[derive(Debug)]
pub(super) struct Handshake(OnUpgrade);

impl Handshake {
    /// Takes the connection out of a request and adds the handshake to the headers for the API.
    pub(super) fn take(parts: &mut Parts, headers: &mut HeaderMap) -> Result<Self, RelayError> {
        let asked = &parts.headers;
        let only_one = |name: &HeaderName| asked.get_all(name).iter().count() == 1;
        let is_version_13 = asked
            .get(header::SEC_WEBSOCKET_VERSION)
            .is_some_and(|version| version == "13");
        if !only_one(&header::SEC_WEBSOCKET_KEY) || !only_one(&header::SEC_WEBSOCKET_VERSION) || !is_version_13 {
            return Err(RelayError::Handshake);
        }
        for name in [
            header::SEC_WEBSOCKET_KEY,
            header::SEC_WEBSOCKET_VERSION,
            header::SEC_WEBSOCKET_PROTOCOL,
            header::SEC_WEBSOCKET_EXTENSIONS,
        ] {
            for value in asked.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        switch(headers);
        let upgrade = parts.extensions.remove::<OnUpgrade>();
        upgrade.map(Self).ok_or(RelayError::Handshake)
    }

    /// Joins the two connections, and answers the browser's handshake as the API did.
    pub(super) fn join(
        self,
        upstream: &Upstream,
        answer: axum::http::Response<Incoming>,
        bounds: Bounds,
    ) -> Result<Response, RelayError> {
        if !names(answer.headers(), &header::UPGRADE, "websocket") {
            return Err(upstream.failed(UpstreamError::Malformed));
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        for name in [
            header::SEC_WEBSOCKET_ACCEPT,
            header::SEC_WEBSOCKET_PROTOCOL,
            header::SEC_WEBSOCKET_EXTENSIONS,
        ] {
            for value in answer.headers().get_all(&name) {
                response.headers_mut().append(name.clone(), value.clone());
            }
        }
        switch(response.headers_mut());
        let open = upstream.metrics.open_socket();
        tokio::spawn(async move {
            let both = async { tokio::join!(self.0, hyper::upgrade::on(answer)) };
            if let Ok((Ok(browser), Ok(api))) = tokio::time::timeout(SWITCH_TIMEOUT, both).await {
                tunnel(TokioIo::new(browser), TokioIo::new(api), bounds).await;
            } else {
                tracing::debug!(
                    code = "websocket_not_switched",
                    "a connection was gone after its handshake"
                );
            }
            drop(open);
        });
        Ok(response)
    }
}

fn switch(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}
