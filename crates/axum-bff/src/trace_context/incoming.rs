//! The trace in which a proxy sends a request: `traceparent` and `tracestate`, read strictly.

use super::ids::{SpanId, TraceId, bytes};
use super::{TRACEPARENT, TRACESTATE};
use crate::request::the_only;
use axum::http::{HeaderMap, HeaderValue};

/// The length of `traceparent` of version 00, in characters. A later version may have more behind it.
const VERSION_00: usize = 55;
/// The longest `traceparent` of a later version, in characters.
const LONGEST_PARENT: usize = 256;
/// The longest `tracestate` over all of its lines, in characters (Trace Context §3.3.1.5 demands as many).
const LONGEST_STATE: usize = 512;
/// The most members of a `tracestate` (Trace Context §3.3.1.1).
const MEMBERS: usize = 32;
/// The longest key, and the longest value, of a member.
const LONGEST_WORD: usize = 256;

/// The caller's span.
#[derive(Debug)]
pub(super) struct Parent {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    pub(super) is_sampled: bool,
    /// What the systems on the way have noted about the trace.
    pub(super) state: Option<HeaderValue>,
}

/// The caller's span. None: the caller names none, or not as the specification says. A `tracestate` that cannot be read is
/// left out, and the trace goes on without it.
pub(super) fn read(headers: &HeaderMap) -> Option<Parent> {
    let parent = parent(the_only(headers, TRACEPARENT.as_str())?.as_bytes())?;
    Some(Parent {
        state: state(headers),
        ..parent
    })
}

fn parent(text: &[u8]) -> Option<Parent> {
    if !(VERSION_00..=LONGEST_PARENT).contains(&text.len()) {
        return None;
    }
    let (known, further) = text.split_at(VERSION_00);
    let [version]: [u8; 1] = bytes(&known[..2])?;
    let is_valid = match version {
        0 => further.is_empty(),
        0xff => false,
        _ => further.first().is_none_or(|next| *next == b'-'),
    };
    if !is_valid || [2, 35, 52].iter().any(|place| known[*place] != b'-') {
        return None;
    }
    let [flags]: [u8; 1] = bytes(&known[53..])?;
    Some(Parent {
        trace_id: TraceId::parse(&known[3..35])?,
        span_id: SpanId::parse(&known[36..52])?,
        is_sampled: flags & 1 == 1,
        state: None,
    })
}

fn state(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut whole = Vec::new();
    for line in headers.get_all(TRACESTATE) {
        if !whole.is_empty() {
            whole.push(b',');
        }
        whole.extend_from_slice(line.as_bytes());
        if whole.len() > LONGEST_STATE {
            return None;
        }
    }
    let is_list = str::from_utf8(&whole).is_ok_and(is_list);
    is_list.then(|| HeaderValue::from_bytes(&whole).ok())?
}

/// Whether a text is a list of members with different keys (Trace Context §3.3.1). Members may be empty, but not all of them.
fn is_list(text: &str) -> bool {
    let mut keys = Vec::new();
    for member in text.split(',').map(|member| member.trim_matches([' ', '\t'])) {
        if member.is_empty() {
            continue;
        }
        let Some((key, value)) = member.split_once('=') else {
            return false;
        };
        if keys.len() == MEMBERS || keys.contains(&key) || !is_key(key) || !is_value(value) {
            return false;
        }
        keys.push(key);
    }
    !keys.is_empty()
}

fn is_key(key: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut bytes = key.bytes();
    key.len() <= LONGEST_WORD
        && bytes.next().is_some_and(is_alphanumeric)
        && bytes.all(|byte| is_alphanumeric(byte) || b"_-*/@".contains(&byte))
}

fn is_value(value: &str) -> bool {
    let is_character = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b',' && byte != b'=';
    (1..=LONGEST_WORD).contains(&value.len()) && value.bytes().all(is_character)
}
