//! The correlation id of a request.
//!
//! The id is made here and never taken from the client. It is a name and no secret: the operating system is not asked
//! for each one.

use axum::http::HeaderValue;
use std::fmt;

/// The correlation id: 96 random bits as 24 hexadecimal digits. It is in the log, in the header
/// `x-request-id` and on error pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId([u8; DIGITS]);

const DIGITS: usize = 24;

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn new() -> Self {
        const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; DIGITS];
        for (pair, byte) in text.chunks_exact_mut(2).zip(rand::random::<[u8; DIGITS / 2]>()) {
            pair[0] = HEXADECIMAL[usize::from(byte >> 4)];
            pair[1] = HEXADECIMAL[usize::from(byte & 15)];
        }
        Self(text)
    }

    /// The value of the header `x-request-id`.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_bytes(&self.0).unwrap_or(HeaderValue::from_static("none"))
    }
}
