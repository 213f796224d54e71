//! The path of a request to an API: plain, or refused.
//!
//! One server may read a segment as a name, and another server may read it as a way out of the prefix. So nothing is
//! repaired: a path passes as it was sent, if at every depth of decoding it shows no dot segment, no further slash, no
//! backslash, no parameter (`;`, at which some servers cut before they match) and no control character. `%25` alone is
//! fine: it may stand for a percent sign.

use super::RelayError;
use axum::http::Uri;
use percent_encoding::percent_decode_str;
use url::{Position, Url};

/// A path longer than this is nobody's.
const PATH_LIMIT: usize = 4 * 1024;
/// A query longer than this belongs into a body.
const QUERY_LIMIT: usize = 8 * 1024;
/// Deeper than this nobody encodes by mistake.
const DECODINGS: usize = 4;

/// The purpose of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) name: &'a str,
    pub(super) below: Below<'a>,
}

/// The target of a call: a path below the API's address, and a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Below<'a> {
    /// Empty, or begins with a slash. As it is sent.
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Below<'a> {
    /// The path is checked as a browser's is, because code builds parts of it from foreign text.
    pub(super) fn new(path: &'a str, query: Option<&'a str>) -> Result<Self, RelayError> {
        if !is_plain(path) {
            return Err(RelayError::Path);
        }
        if query.is_some_and(|query| query.len() > QUERY_LIMIT) {
            return Err(RelayError::QueryTooLong);
        }
        Ok(Self { path, query })
    }
}

/// Reads the target of `/api/<name>/...`. The whole path is checked, the name included.
pub(super) fn target(uri: &Uri) -> Result<Target<'_>, RelayError> {
    // The absolute form names a host, and that is not for a request to choose.
    if uri.scheme().is_some() || uri.authority().is_some() {
        return Err(RelayError::Path);
    }
    let below = uri.path().strip_prefix("/api").ok_or(RelayError::Path)?;
    let Below { path: below, query } = Below::new(below, uri.query())?;
    let below = below.strip_prefix('/').ok_or(RelayError::Path)?;
    let (name, path) = below.split_at(below.find('/').unwrap_or(below.len()));
    Ok(Target {
        name,
        below: Below { path, query },
    })
}

/// The API's address with the path below it.
pub(super) fn join(base: &Url, below: &Below<'_>) -> Result<Url, RelayError> {
    let prefix = base.path().trim_end_matches('/');
    let path = format!("{prefix}{}", below.path);
    let mut url = base.clone();
    url.set_path(&path);
    url.set_query(below.query);
    // The checks above make sure of this; a step that sends a token checks once more.
    let same = url[..Position::BeforePath] == base[..Position::BeforePath]
        && (url.path() == path || path.is_empty() && url.path() == "/");
    same.then_some(url).ok_or(RelayError::Path)
}

/// Whether a path, empty or with a slash in front, is read the same by every server.
pub(crate) fn is_plain(path: &str) -> bool {
    if path.is_empty() {
        return true;
    }
    let Some(inner) = path.strip_prefix('/').filter(|_| path.len() <= PATH_LIMIT) else {
        return false;
    };
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    path == "/" || inner.split('/').all(is_plain_segment)
}

fn is_plain_segment(segment: &str) -> bool {
    // `pchar` of RFC 3986, without `;`.
    let is_sendable = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@%".contains(&byte);
    if !segment.bytes().all(is_sendable) || !is_well_encoded(segment) {
        return false;
    }
    if !segment.contains('%') {
        return is_harmless(segment);
    }
    let mut form = segment.to_owned();
    for _ in 0..=DECODINGS {
        if !is_harmless(&form) {
            return false;
        }
        // Bytes that are no UTF-8 afterwards are an overlong slash, for instance.
        let Ok(decoded) = percent_decode_str(&form).decode_utf8() else {
            return false;
        };
        if decoded == form {
            return true;
        }
        form = decoded.into_owned();
    }
    false
}

/// A segment as some server may see it. Dots with blanks around them are dots to some.
fn is_harmless(form: &str) -> bool {
    let is_way_out = form.trim_matches([' ', '.']).is_empty();
    !is_way_out
        && !form
            .chars()
            .any(|char| char.is_control() || matches!(char, '/' | '\\' | ';'))
}

fn is_well_encoded(segment: &str) -> bool {
    let mut escapes = segment.split('%').skip(1);
    escapes.all(|after| after.len() >= 2 && after.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests;
