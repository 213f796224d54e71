//! The part of a request's head that an API gets.
//!
//! An allow-list, because the other way round every header that somebody invents passes until
//! somebody notices: cookies, `Authorization`, `DPoP`, `Forwarded` and its relatives, identity
//! headers that some API trusts (`X-User`, `X-Real-IP`, method overrides), and future headers.
//! The settings add further headers for an API (`BFF_API_<NAME>_HEADERS`).

use super::RelayError;
use super::head::{relay, size};
use crate::request::RequestId;
use crate::trace_context::TraceContext;
use axum::http::{HeaderMap, HeaderName, Method, header, request::Parts};
use oidc_relying_party::{AccessToken, RelyingParty};
use url::Url;

/// The headers that describe the content, the accepted forms, and the conditions.
const RELAYED: [HeaderName; 15] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
];

/// As many headers a call usually has, the token among them: the map grows once at most.
const USUAL: usize = 16;

/// The most that relayed headers may have together, in bytes.
const LIMIT: usize = 16 * 1024;

/// The head of a request to an API, but for the token.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    /// The trace of the request that the call is made for. The values of these headers from the browser are no part of it.
    pub(super) trace: Option<TraceContext>,
}

impl Head {
    /// The head of a browser's request. `allowed` are the headers that the settings of the API name.
    pub(super) fn new(parts: &Parts, url: Url, allowed: &[HeaderName]) -> Result<Self, RelayError> {
        let mut headers = HeaderMap::with_capacity(USUAL);
        relay(RELAYED.iter().chain(allowed), &parts.headers, &mut headers);
        Self::of_call((parts.method.clone(), url), headers, parts.extensions.get())
    }

    /// The head of a call that code makes.
    pub(super) fn of_call(
        (method, url): (Method, Url),
        mut headers: HeaderMap,
        id: Option<&RequestId>,
    ) -> Result<Self, RelayError> {
        if size(&headers) > LIMIT {
            return Err(RelayError::HeadersTooLarge);
        }
        // Ours, so that one log can be laid beside the other.
        if let Some(id) = id {
            headers.insert("x-request-id", id.header());
        }
        Ok(Self {
            method,
            url,
            headers,
            trace: id.map(|id| id.trace().clone()),
        })
    }

    /// This head with the token, and with a new proof if the token needs one. `None`: the token has characters that a
    /// header cannot hold.
    pub(super) fn with_token(&self, relying_party: &RelyingParty, token: &AccessToken) -> Option<Self> {
        let mut head = self.clone();
        let request = (&self.method, &self.url);
        relying_party.authorize(token, request, &mut head.headers).ok()?;
        Some(head)
    }
}
