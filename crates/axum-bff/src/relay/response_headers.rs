//! The part of an answer's head that a browser gets.
//!
//! An allow-list here too: browsers learn new orders every year that a response gives to a whole
//! origin (`Set-Cookie`, `Clear-Site-Data`, `Strict-Transport-Security`, `Service-Worker-Allowed`,
//! `Reporting-Endpoints`, `Secure-Session-Registration`), and so does a proxy in front of us
//! (`X-Accel-Redirect`). An API speaks for itself, not for our origin.
//!
//! And no answer becomes active content of our origin (PRX-05): nothing is sniffed, the policy is
//! a sandbox without any right, and an answer that is not plainly data is a download.

use super::Upstream;
use super::head::relay;
use crate::request::media_type;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};

const RELAYED: [HeaderName; 17] = [
    header::ACCEPT_RANGES,
    header::ALLOW,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::ETAG,
    header::LAST_MODIFIED,
    header::RETRY_AFTER,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("deprecation"),
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("sunset"),
    HeaderName::from_static("x-total-count"),
];

/// As many headers an answer usually has: the map grows once at most.
const USUAL: usize = 16;

/// The policy of every relayed answer.
pub(super) const POLICY: &str =
    "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The answer's headers for the browser. Cache control, nosniff and the other headers of every
/// response are added outside.
pub(super) fn relayed(from: &HeaderMap, method: &Method, upstream: &Upstream) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(USUAL);
    relay(RELAYED.iter().chain(upstream.headers()), from, &mut headers);
    for link in from.get_all(header::LINK) {
        if link.to_str().is_ok_and(only_pages_through) {
            headers.append(header::LINK, link.clone());
        }
    }
    // Elsewhere the server counts the body itself; a HEAD has none to count.
    if let (&Method::HEAD, Some(length)) = (method, from.get(header::CONTENT_LENGTH)) {
        headers.insert(header::CONTENT_LENGTH, length.clone());
    }
    make_passive(&mut headers);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers
}

/// An answer that is not plainly data is a download, under the name that the API gives it.
fn make_passive(headers: &mut HeaderMap) {
    if headers.get_all(header::CONTENT_TYPE).iter().count() > 1 {
        headers.remove(header::CONTENT_TYPE);
    }
    let is_download = |value: &HeaderValue| {
        let value = value.as_bytes();
        value.len() >= 10 && value[..10].eq_ignore_ascii_case(b"attachment")
    };
    let says_so = headers.get(header::CONTENT_DISPOSITION).is_some_and(is_download);
    if !says_so && !is_data(media_type(headers)) {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
}

fn is_data(media_type: &str) -> bool {
    const DATA: [&str; 9] = [
        "application/json",
        "application/x-ndjson",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/event-stream",
        "text/plain",
    ];
    let is_listed = DATA.iter().any(|data| media_type.eq_ignore_ascii_case(data));
    is_listed
        || media_type.split_once('/').is_some_and(|(family, kind)| {
            let is = |name: &str| family.eq_ignore_ascii_case(name);
            is("audio") || is("video") || is("application") && kind.to_ascii_lowercase().ends_with("+json")
        })
}

/// Whether every relation of a `Link` header leads to another part of the same list. All others
/// are orders to load something.
fn only_pages_through(link: &str) -> bool {
    const PAGING: [&str; 5] = ["first", "last", "next", "prev", "self"];
    let link = link.to_ascii_lowercase();
    let mut relations = link.split("rel=").skip(1).peekable();
    let targets = link.matches('<').count();
    let count = link.matches("rel=").count();
    relations.peek().is_some()
        && targets == count
        && relations.all(|after| {
            let relation = match after.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next(),
                None => after.split([',', ';', ' ']).next(),
            };
            relation.is_some_and(|relation| {
                !relation.is_empty() && relation.split_whitespace().all(|word| PAGING.contains(&word))
            })
        })
}

#[cfg(test)]
mod tests;
