//! The Host header field of a request (RFC 9112 §3.2).
//!
//! Two servers that read different hosts in one request can be played off against each other, so a request that does not
//! name exactly one valid host gets 400 and loses its connection.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use std::net::Ipv6Addr;

/// Whether the request has one valid Host header field. HTTP/1.0 may do without.
pub(super) fn is_right<B>(request: &Request<B>) -> bool {
    let mut values = request.headers().get_all(HOST).iter();
    match (values.next(), values.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(value), None) => is_host_and_port(value),
        (Some(_), Some(_)) => false,
    }
}

/// The answer to a request that fails this check.
pub(super) fn refusal() -> Response {
    let fixed = HeaderValue::from_static;
    let headers = [
        (CONTENT_TYPE, fixed("text/plain; charset=utf-8")),
        (CACHE_CONTROL, fixed("no-store")),
        (X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (CONNECTION, fixed("close")),
    ];
    let body = Body::from("A request names its host in exactly one valid Host header field.\n");
    (StatusCode::BAD_REQUEST, headers, body).into_response()
}

/// `uri-host [ ":" port ]`. An `http` URI has no empty host (RFC 9110 §4.2.1).
fn is_host_and_port(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    if let Some(rest) = text.strip_prefix('[') {
        let address = rest.split_once(']');
        return address.is_some_and(|(address, port)| address.parse::<Ipv6Addr>().is_ok() && is_port(port));
    }
    let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
    !host.is_empty() && is_registered_name(host.as_bytes()) && is_port(port)
}

/// Nothing, or a colon and at most 65535.
fn is_port(text: &str) -> bool {
    match text.strip_prefix(':') {
        None => text.is_empty(),
        Some("") => true,
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok(),
    }
}

/// `reg-name` of RFC 3986 §3.2.2; an IPv4 address is one too.
fn is_registered_name(mut name: &[u8]) -> bool {
    while let Some((byte, rest)) = name.split_first() {
        name = match (byte, rest) {
            (b'%', [high, low, rest @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            (byte, rest) if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte) => rest,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(version: Version, hosts: &[&str]) -> Request<()> {
        let mut request = Request::new(());
        *request.version_mut() = version;
        for host in hosts {
            let value = HeaderValue::from_bytes(host.as_bytes()).expect("a value");
            request.headers_mut().append(HOST, value);
        }
        request
    }

    #[test]
    fn http_1_1_names_exactly_one_host_and_http_1_0_at_most_one() {
        for (version, hosts, expected) in [
            (Version::HTTP_11, &["x"][..], true),
            (Version::HTTP_11, &[], false),
            (Version::HTTP_11, &["x", "x"], false),
            (Version::HTTP_11, &["x", "y"], false),
            (Version::HTTP_10, &[], true),
            (Version::HTTP_10, &["x"], true),
            (Version::HTTP_10, &["x", "x"], false),
        ] {
            assert_eq!(is_right(&request(version, hosts)), expected, "{version:?} {hosts:?}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port_or_none() {
        for valid in [
            "a",
            "app.example.com",
            "app.example.com:443",
            "app.example.com:",
            "127.0.0.1:3000",
            "[::1]",
            "[::1]:3000",
            "a_b.example",
            "%c3%a4.example",
        ] {
            assert!(is_right(&request(Version::HTTP_11, &[valid])), "{valid}");
        }
        for invalid in [
            "",
            ":80",
            "a b",
            "a/b",
            "a?b",
            "a#b",
            "a@b",
            "user:password@b",
            "a:b",
            "a:80:80",
            "a:65536",
            "a:+80",
            "[::1",
            "::1",
            "[::1]x",
            "[x]",
            "a%zz",
            "a%",
            "a,b c",
            "ä",
            "a\"b",
            "a\\b",
            "<a>",
        ] {
            assert!(!is_right(&request(Version::HTTP_11, &[invalid])), "{invalid}");
        }
    }
}
