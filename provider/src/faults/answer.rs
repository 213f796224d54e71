//! An answer in place of the endpoint's own.

use std::fmt;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// A whole HTTP answer. Its `Debug` form has no body.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status, 200 to 599.
    pub status: u16,
    /// `Content-Type`; none if it is empty.
    pub content_type: &'static str,
    /// Further headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer of these three.
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// JSON.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers write json!({..}) in place")]
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An error of RFC 6749 §5.2, `invalid_grant` for example.
    #[must_use]
    pub fn error(status: u16, error: &str) -> Self {
        Self::json(status, json!({ "error": error }))
    }

    /// No body and no content type.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::new(status, "", Vec::new())
    }

    /// The same answer with one more header (name in lower case).
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        let status = StatusCode::from_u16(self.status);
        *response.status_mut() = status.expect("an Answer's status is an HTTP status");
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        if !self.content_type.is_empty() {
            let content_type = HeaderValue::from_static(self.content_type);
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        for (name, value) in self.headers {
            let value = HeaderValue::try_from(value).expect("an Answer's headers are headers");
            headers.append(HeaderName::from_static(name), value);
        }
        response
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
