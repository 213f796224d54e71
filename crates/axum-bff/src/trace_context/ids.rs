//! The identifiers of a trace and of its spans, and the text of random bytes.

use std::fmt;

/// Bytes as lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hexadecimal<const DIGITS: usize>([u8; DIGITS]);

impl<const DIGITS: usize> Hexadecimal<DIGITS> {
    /// Two digits for each byte.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'0'; DIGITS];
        for (pair, byte) in text.chunks_exact_mut(2).zip(bytes.iter().copied()) {
            pair[0] = HEXADECIMAL[usize::from(byte >> 4)];
            pair[1] = HEXADECIMAL[usize::from(byte & 15)];
        }
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<const DIGITS: usize> fmt::Display for Hexadecimal<DIGITS> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The `trace-id` (Trace Context §3.2.2.3): not all of its bytes are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceId([u8; 16]);

impl TraceId {
    pub(super) fn random() -> Self {
        Self(not_zero(rand::random()))
    }

    pub(super) fn parse(digits: &[u8]) -> Option<Self> {
        bytes::<16>(digits).filter(|bytes| *bytes != [0; 16]).map(Self)
    }

    pub(crate) fn text(self) -> Hexadecimal<32> {
        Hexadecimal::of(&self.0)
    }

    #[cfg(feature = "otlp")]
    pub(super) fn bytes(self) -> [u8; 16] {
        self.0
    }
}

/// The `parent-id` (Trace Context §3.2.2.4), which names a span: not all of its bytes are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpanId([u8; 8]);

impl SpanId {
    pub(super) fn random() -> Self {
        Self(not_zero(rand::random()))
    }

    pub(super) fn parse(digits: &[u8]) -> Option<Self> {
        bytes::<8>(digits).filter(|bytes| *bytes != [0; 8]).map(Self)
    }

    pub(super) fn text(self) -> Hexadecimal<16> {
        Hexadecimal::of(&self.0)
    }

    #[cfg(feature = "otlp")]
    pub(super) fn of(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    #[cfg(feature = "otlp")]
    pub(super) fn bytes(self) -> [u8; 8] {
        self.0
    }
}

/// The bytes that lower-case hexadecimal digits stand for: two digits for each byte, and no others.
pub(super) fn bytes<const BYTES: usize>(digits: &[u8]) -> Option<[u8; BYTES]> {
    if digits.len() != 2 * BYTES {
        return None;
    }
    let mut bytes = [0; BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (value(pair[0])? << 4) | value(pair[1])?;
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// An identifier of zeros is invalid.
fn not_zero<const BYTES: usize>(mut random: [u8; BYTES]) -> [u8; BYTES] {
    if random == [0; BYTES] {
        random[BYTES - 1] = 1;
    }
    random
}
