//! The document in an answer of the provider's.

use std::fmt;

use reqwest::{StatusCode, header::CONTENT_ENCODING};
use serde_json::{Map, Value};

use super::HttpResponse;
use crate::{Fault, json, token_request::is_about_load};

impl HttpResponse {
    /// The JSON object of a successful answer: status 200, a media type of JSON, no member twice.
    pub(crate) fn document(&self) -> Result<Map<String, Value>, DocumentError> {
        self.document_of(&[StatusCode::OK])
    }

    /// The same where other statuses are success.
    pub(crate) fn document_of(&self, success: &[StatusCode]) -> Result<Map<String, Value>, DocumentError> {
        if !success.contains(&self.status) {
            return Err(DocumentError::Status(self.status.as_u16()));
        }
        if !is_json(&self.media_type) {
            return Err(DocumentError::MediaType(FoundMediaType::of(&self.media_type)));
        }
        self.is_readable()?;
        self.object().map_err(|_| DocumentError::NotAnObject)
    }

    /// The token that a successful answer is: status 200, this media type.
    pub(crate) fn token(&self, media_type: &str) -> Result<&str, DocumentError> {
        if self.status != StatusCode::OK {
            return Err(DocumentError::Status(self.status.as_u16()));
        }
        if self.media_type != media_type {
            return Err(DocumentError::MediaType(FoundMediaType::of(&self.media_type)));
        }
        self.is_readable()?;
        str::from_utf8(&self.body).map_err(|_| DocumentError::NotAnObject)
    }

    /// Whether it is a success that says by its media type that it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.status == StatusCode::OK && is_json(&self.media_type)
    }

    /// The JSON object of an answer that refuses. Providers give the reason with all sorts of 4xx. An answer about
    /// load is no refusal: nobody has looked at the request.
    pub(crate) fn refusal(&self) -> Option<Map<String, Value>> {
        let refuses = self.status.is_client_error() && !is_about_load(self.status.as_u16());
        refuses.then(|| self.object().ok()).flatten()
    }

    /// The body as a JSON object, without regard to status and media type.
    fn object(&self) -> Result<Map<String, Value>, json::JsonError> {
        json::document(&self.body)
    }

    /// We ask for `identity`, so that the size that is bounded is the size that is read.
    fn is_readable(&self) -> Result<(), DocumentError> {
        let mut encodings = self.headers.get_all(CONTENT_ENCODING).iter();
        if encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            Ok(())
        } else {
            Err(DocumentError::Encoded)
        }
    }
}

/// `application/json`, the other spellings that providers use, and every type with the suffix `+json` (RFC 6839 §3.1),
/// such as `application/jwk-set+json`.
fn is_json(media_type: &str) -> bool {
    let subtype = media_type.strip_prefix("application/").unwrap_or_default();
    matches!(media_type, "application/json" | "text/json") || subtype.ends_with("+json")
}

/// The media type of an answer, fit for a log: one of those that stand here, because an answer's own words are not logged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FoundMediaType(&'static str);

impl FoundMediaType {
    fn of(media_type: &str) -> Self {
        const KNOWN: [&str; 12] = [
            "application/javascript",
            "application/json",
            "application/jwt",
            "application/octet-stream",
            "application/x-www-form-urlencoded",
            "application/xhtml+xml",
            "application/xml",
            "text/html",
            "text/javascript",
            "text/json",
            "text/plain",
            "text/xml",
        ];
        if media_type.is_empty() {
            return Self("missing");
        }
        let known = KNOWN.into_iter().find(|known| *known == media_type);
        Self(known.unwrap_or("one of another name"))
    }
}

impl fmt::Display for FoundMediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Why an answer is not the document that was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DocumentError {
    /// The status is not that of success. Redirects end here, because they are not followed.
    #[error("the status is {0}, which is not success")]
    Status(u16),
    /// The media type is another one.
    #[error("the media type is {0}, which was not asked for")]
    MediaType(FoundMediaType),
    /// The body has a content coding (RFC 9110 §8.4.1), which was not asked for.
    #[error("the body is compressed, which was not asked for")]
    Encoded,
    /// The body is not one well-formed JSON object in which each member stands once.
    #[error("the body is not a well-formed JSON object")]
    NotAnObject,
}

impl DocumentError {
    /// The party at fault: an overloaded provider is away, any other is wrong.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Status(429 | 500..=599) => Fault::Unavailable,
            _ => Fault::Provider,
        }
    }
}
