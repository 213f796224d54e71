//! The answer of an API, for code.

use super::super::response_body::{Cut, RelayedBody};
use super::super::{Upstream, UpstreamError};
use crate::error::Error;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response, StatusCode};
use futures::future::poll_fn;
use hyper::body::{Body as _, Incoming};
use serde::de::DeserializeOwned;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// The answer of an API to an [`ApiRequest`](super::ApiRequest). Its body ends with the session of the person in whose name
/// the API was called. Until it has been read, or is dropped, it takes one of the places that the settings give.
pub struct ApiResponse {
    upstream: Arc<Upstream>,
    response: Response<RelayedBody<Incoming>>,
}

/// An API's answer may hold private data, which belongs into no log.
impl fmt::Debug for ApiResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiResponse")
            .field("api", &self.upstream.name())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl ApiResponse {
    pub(super) fn new(upstream: Arc<Upstream>, response: Response<RelayedBody<Incoming>>) -> Self {
        Self { upstream, response }
    }

    /// The status. Never 401 and no redirect: [`ApiRequest::send`](super::ApiRequest::send) fails there.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Every header of the API. They are for code. Some of them command a browser, such as `Set-Cookie`: do not pass them on
    /// unread.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// This answer, if its status is neither 4xx nor 5xx.
    ///
    /// # Errors
    ///
    /// [`UpstreamError::Status`]. A handler may read [`ApiResponse::status`] instead: a 404 of the API may be its
    /// own [`Error::NotFound`].
    pub fn error_for_status(self) -> Result<Self, Error> {
        let status = self.status();
        if status.is_client_error() || status.is_server_error() {
            return Err(self.failed(UpstreamError::Status(status)));
        }
        Ok(self)
    }

    /// The whole body as the type `T`, from JSON (RFC 8259).
    ///
    /// # Errors
    ///
    /// [`UpstreamError::Json`] if the body is no such JSON, and as [`ApiResponse::bytes`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        let upstream = self.upstream.clone();
        let bytes = self.bytes().await?;
        // The message of serde may quote the body.
        serde_json::from_slice(&bytes).map_err(|error| {
            let at = UpstreamError::Json {
                line: error.line(),
                column: error.column(),
            };
            upstream.failed(at).into()
        })
    }

    /// The whole body as text in UTF-8.
    ///
    /// # Errors
    ///
    /// [`UpstreamError::NotUtf8`], and as [`ApiResponse::bytes`].
    pub async fn text(self) -> Result<String, Error> {
        let upstream = self.upstream.clone();
        let bytes = self.bytes().await?;
        String::from_utf8(bytes.into()).map_err(|_| upstream.failed(UpstreamError::NotUtf8).into())
    }

    /// The whole body. It may have as many bytes as the body of a request (`BFF_API_<NAME>_BODY_LIMIT`), and has to be there
    /// within another `BFF_API_<NAME>_TIMEOUT`. [`ApiResponse::into_body`] takes a larger or a slower one.
    ///
    /// # Errors
    ///
    /// [`UpstreamError::TooLarge`], [`UpstreamError::Timeout`]; [`UpstreamError::Cut`] if the API ended it too early;
    /// [`Error::SignInRequired`] if the session ended meanwhile.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let Self { upstream, response } = self;
        let reading = read(&upstream, response.into_body());
        match tokio::time::timeout(upstream.timeout(), reading).await {
            Ok(read) => read,
            Err(_) => Err(upstream.failed(UpstreamError::Timeout).into()),
        }
    }

    /// The body as a stream, as the relay passes it on: of any size, at the pace of the reader, for as long as it moves. It
    /// fails if the session ends, so that a part never looks like the whole.
    pub fn into_body(self) -> Body {
        Body::new(self.response.into_body())
    }

    fn failed(&self, error: UpstreamError) -> Error {
        self.upstream.failed(error).into()
    }
}

async fn read(upstream: &Upstream, mut body: RelayedBody<Incoming>) -> Result<Bytes, Error> {
    let limit = usize::try_from(upstream.body_limit()).unwrap_or(usize::MAX);
    let too_large = || upstream.failed(UpstreamError::TooLarge);
    if body.size_hint().lower() > upstream.body_limit() {
        return Err(too_large().into());
    }
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|cut| cut_short(upstream, cut))?.into_data() else {
            continue;
        };
        if data.len() > limit - bytes.len() {
            return Err(too_large().into());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.into())
}

fn cut_short(upstream: &Upstream, cut: Cut) -> Error {
    match cut {
        Cut::SessionEnded => Error::SignInRequired,
        Cut::Idle => upstream.failed(UpstreamError::Timeout).into(),
        Cut::Upstream => upstream.failed(UpstreamError::Cut).into(),
    }
}
