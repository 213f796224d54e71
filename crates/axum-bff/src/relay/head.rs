//! Rules for headers in both directions.

use axum::http::{HeaderMap, HeaderName};

/// Headers that are never relayed, not even by a setting: they steer a connection, carry credentials or an identity, name a
/// trace that anybody could make up, or are orders to a browser or to a proxy in front of this server.
const NEVER: [&str; 50] = [
    "accept-ch",
    "activate-storage-access",
    "alt-svc",
    "authentication-info",
    "authorization",
    "baggage",
    "clear-site-data",
    "connection",
    "content-length",
    "content-location",
    "content-type",
    "cookie",
    "cookie2",
    "critical-ch",
    "document-policy",
    "dpop",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "location",
    "nel",
    "origin",
    "origin-agent-cluster",
    "permissions-policy",
    "referer",
    "referrer-policy",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "set-login",
    "sourcemap",
    "speculation-rules",
    "strict-transport-security",
    "supports-loading-mode",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "use-as-dictionary",
    "via",
    "www-authenticate",
    "x-sendfile",
];

const NEVER_BEGINNING: [&str; 18] = [
    "access-control-",
    "content-security-policy",
    "cross-origin-",
    "proxy-",
    "sec-",
    "secure-session-",
    "x-accel-",
    "x-client-",
    "x-content-type-options",
    "x-csrf",
    "x-forwarded",
    "x-frame-options",
    "x-http-method",
    "x-method-override",
    "x-original-",
    "x-real-ip",
    "x-request-id",
    "x-rewrite-",
];

/// Whether the settings may add this header to those that are relayed.
pub(crate) fn may_be_relayed(name: &HeaderName) -> bool {
    let name = name.as_str();
    !NEVER.contains(&name) && !NEVER_BEGINNING.iter().any(|beginning| name.starts_with(beginning))
}

/// Whether a header that is a list of tokens names `token`.
pub(super) fn names(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|named| named.eq_ignore_ascii_case(token))
}

/// Adds those headers of `from` that have one of these names, once for each name.
pub(super) fn relay<'a>(names: impl Iterator<Item = &'a HeaderName>, from: &HeaderMap, into: &mut HeaderMap) {
    for name in names {
        if !from.contains_key(name) || into.contains_key(name) || is_for_this_hop(from, name) {
            continue;
        }
        for value in from.get_all(name) {
            into.append(name.clone(), value.clone());
        }
    }
}

/// Whether `Connection` says that a header is for this hop only (RFC 9110 §7.6.1).
fn is_for_this_hop(headers: &HeaderMap, name: &HeaderName) -> bool {
    names(headers, &axum::http::header::CONNECTION, name.as_str())
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// How many bytes these headers are on the wire, more or less.
pub(super) fn size(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}
