//! The correlation id of a request.
//!
//! The id is made here and never taken from the client. It is a name and no secret: the operating system is not asked
//! for each one.

use axum::http::HeaderValue;
use std::fmt;

/// The correlation id: 96 random bits as 24 hexadecimal digits. It is in the log, in the header
/// `x-request-id` and on error pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(HeaderValue);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(crate) fn new() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 24];
        for (pair, byte) in text.chunks_exact_mut(2).zip(rand::random::<[u8; 12]>()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("none")))
    }

    /// The value of the header `x-request-id`.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}
