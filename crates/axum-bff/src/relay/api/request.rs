//! One request to an API, put together by code.

use super::super::call::Call;
use super::super::caller::Caller;
use super::super::csrf::CallKind;
use super::super::path::{Below, join};
use super::super::request_headers::Head;
use super::super::{CallError, Relay, RelayError, Upstream};
use super::ApiResponse;
use crate::error::Error;
use crate::request::RequestId;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use std::fmt::{self, Display, Write as _};
use std::sync::Arc;
use url::form_urlencoded;

/// The headers that the client itself sets, those with credentials, and those that steer a connection. Code that copies a
/// browser's headers would hand on the cookie of the session.
const NOT_FOR_CODE: [HeaderName; 13] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::COOKIE,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("dpop"),
    HeaderName::from_static("keep-alive"),
];

/// An API, and the person in whose name it is called, if any.
#[derive(Clone)]
pub(super) struct CallContext {
    pub(super) relay: Relay,
    pub(super) upstream: Arc<Upstream>,
    pub(super) caller: Caller,
    pub(super) request_id: Option<RequestId>,
}

/// A request to an API, from [`Api::request`](super::Api::request). [`ApiRequest::send`] reports its faults.
#[must_use = "nothing is sent before `send`"]
pub struct ApiRequest {
    context: CallContext,
    method: Method,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Body,
    /// The first thing that is wrong.
    wrong: Option<RelayError>,
}

/// Paths, headers and bodies may hold private data, which belongs into no log.
impl fmt::Debug for ApiRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiRequest")
            .field("api", &self.context.upstream.name())
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl ApiRequest {
    pub(super) fn new(context: CallContext, method: Method, path: String) -> Self {
        Self {
            context,
            method,
            path,
            query: None,
            headers: HeaderMap::new(),
            body: Body::empty(),
            wrong: None,
        }
    }

    /// Adds a segment to the path, percent-encoded: an identifier that comes from elsewhere stays one segment. A segment that is
    /// empty, is a dot segment, or has a slash is refused when the request is sent ([`RelayError::Path`]).
    pub fn segment(mut self, segment: impl Display) -> Self {
        let segment = segment.to_string();
        if segment.is_empty() {
            return self.wrong(RelayError::Path);
        }
        if !self.path.ends_with('/') {
            self.path.push('/');
        }
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.path.push(char::from(byte));
            } else {
                let _ = write!(self.path, "%{byte:02X}");
            }
        }
        self
    }

    /// Adds a pair to the query, encoded as a form is (`application/x-www-form-urlencoded`). The whole of it may have 8 KiB.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        let query = self.query.take().unwrap_or_default();
        let mut pairs = form_urlencoded::Serializer::new(query);
        pairs.append_pair(name, &value.to_string());
        self.query = Some(pairs.finish());
        self
    }

    /// Adds a header. All of them together may have 16 KiB. [`CallError::Header`] refuses one that the client sets itself,
    /// such as `Authorization`, `DPoP` and `Cookie`, and a value that no header has.
    ///
    /// `Accept` is `*/*` and `Accept-Encoding` is `identity` if they are not set: an answer is not unpacked.
    pub fn header(mut self, name: impl TryInto<HeaderName>, value: impl TryInto<HeaderValue>) -> Self {
        let Ok(name) = name.try_into() else {
            return self.wrong(CallError::Header("with a name that is none".to_owned()).into());
        };
        match value.try_into() {
            Ok(value) if !NOT_FOR_CODE.contains(&name) => {
                self.headers.append(name, value);
                self
            }
            _ => self.wrong(CallError::Header(name.to_string()).into()),
        }
    }

    /// The body. `BFF_API_<NAME>_BODY_LIMIT` bounds it. A body of bytes up to 64 KiB is sent again if the API answers with
    /// 401. A stream is sent once.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The body as JSON (RFC 8259), with its `Content-Type`.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => {
                let json = HeaderValue::from_static("application/json");
                self.headers.insert(header::CONTENT_TYPE, json);
                self.body(bytes)
            }
            Err(_) => self.wrong(CallError::Json.into()),
        }
    }

    /// Calls the API. Resolves with the head of its answer, with any status but 401 and a redirect.
    ///
    /// # Errors
    ///
    /// A handler returns them with `?`: the person gets the page or the problem document that fits.
    ///
    /// - [`Error::SignInRequired`]: the session has ended.
    /// - [`Error::Store`], [`Error::SessionUnreadable`]: the session store does not answer.
    /// - [`Error::Failed`] with a [`RelayError`]: there is no token ([`RelayError::TokenExpired`],
    ///   [`RelayError::NoToken`], [`RelayError::ClientToken`]) or too many calls are under way ([`RelayError::Busy`],
    ///   [`RelayError::TooMany`]), the API does not answer as it should ([`RelayError::Upstream`]), the request is too
    ///   large or malformed.
    pub async fn send(mut self) -> Result<ApiResponse, Error> {
        if let Some(wrong) = self.wrong {
            return Err(wrong.into());
        }
        let CallContext {
            relay,
            upstream,
            caller,
            request_id,
        } = self.context;
        let below = Below::new(&self.path, self.query.as_deref())?;
        let url = join(upstream.base(), &below)?;
        let identity = HeaderValue::from_static("identity");
        self.headers.entry(header::ACCEPT_ENCODING).or_insert(identity);
        let head = Head::of_call((self.method, url), self.headers, request_id.as_ref())?;
        let kind = CallKind::Call;
        let call = Call {
            permit: upstream.admit(kind, &caller)?,
            upstream: upstream.clone(),
            kind,
            head,
            caller,
        };
        // In a box: a renewal makes it large, and a handler may make several calls.
        let answered = Box::pin(call.send(&relay, self.body)).await?;
        Ok(ApiResponse::new(upstream, answered.bounded(&relay)?))
    }

    fn wrong(mut self, error: RelayError) -> Self {
        self.wrong.get_or_insert(error);
        self
    }
}
