//! A WebSocket (RFC 6455): the handshake is relayed, and after it bytes.
//!
//! What is agreed on in the handshake (subprotocol, extensions) is agreed on between the browser
//! and the API, and the browser checks `Sec-WebSocket-Accept`. Frames are not looked at, so that
//! the end of the session closes the connection and says nothing first.

use super::head::names;
use super::room::Room;
use super::session_end::EndOfSession;
use super::{RelayError, Upstream, UpstreamError};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, copy, split};

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
        answer: reqwest::Response,
        session: EndOfSession,
        room: Room,
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
        tokio::spawn(async move {
            let _room = room;
            let both = async { tokio::join!(self.0, answer.upgrade()) };
            if let Ok((Ok(browser), Ok(api))) = tokio::time::timeout(SWITCH_TIMEOUT, both).await {
                tunnel(TokioIo::new(browser), api, session).await;
            } else {
                tracing::debug!(
                    code = "websocket_not_switched",
                    "a connection was gone after its handshake"
                );
            }
        });
        Ok(response)
    }
}

fn switch(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}

/// Bytes both ways, until one side is done or the session has ended. Then both are closed.
async fn tunnel(
    browser: impl AsyncRead + AsyncWrite + Unpin,
    api: impl AsyncRead + AsyncWrite + Unpin,
    session: EndOfSession,
) {
    let (mut from_browser, mut to_browser) = split(browser);
    let (mut from_api, mut to_api) = split(api);
    tokio::select! {
        _ = copy(&mut from_browser, &mut to_api) => {}
        _ = copy(&mut from_api, &mut to_browser) => {}
        () = session => tracing::debug!(code = "relay_session_ended", "a socket was closed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn a_tunnel_carries_both_ways_and_ends_with_the_session() {
        let ((mut browser, near), (far, mut api)) = (duplex(16), duplex(16));
        let (end, ended) = oneshot::channel::<()>();
        let session = Box::pin(async move {
            let _ = ended.await;
        });
        let running = tokio::spawn(tunnel(near, far, session));
        let mut read = [0; 4];
        browser.write_all(b"ping").await.expect("open");
        api.read_exact(&mut read).await.expect("open");
        assert_eq!(&read, b"ping");
        api.write_all(b"pong").await.expect("open");
        browser.read_exact(&mut read).await.expect("open");
        assert_eq!(&read, b"pong");
        drop(end);
        let ended = tokio::time::timeout(Duration::from_secs(5), running).await;
        ended.expect("in time").expect("ends");
        assert_eq!(browser.read(&mut read).await.expect("closed"), 0);
        assert_eq!(api.read(&mut read).await.expect("closed"), 0);
    }

    #[tokio::test]
    async fn a_tunnel_ends_when_either_side_goes_away() {
        for browser_goes in [true, false] {
            let ((browser, near), (far, api)) = (duplex(16), duplex(16));
            let running = tokio::spawn(tunnel(near, far, Box::pin(std::future::pending())));
            let mut stays = if browser_goes {
                drop(browser);
                api
            } else {
                drop(api);
                browser
            };
            let ended = tokio::time::timeout(Duration::from_secs(5), running).await;
            ended.expect("in time").expect("ends");
            assert_eq!(stays.read(&mut [0; 4]).await.expect("closed"), 0);
        }
    }
}
