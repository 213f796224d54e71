//! The parts of a request that several layers read.

mod id;
mod presented;

pub(crate) use id::RequestId;
pub(crate) use presented::Presented;

use axum::http::{HeaderMap, header};

/// Whether a person is opening a page, rather than a script asking for data: by
/// `Sec-Fetch-Mode`, or by `Accept` if the browser does not send that.
#[must_use]
pub(crate) fn is_navigation(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html")),
    }
}

/// Whether a page of this origin sent the request: by `Sec-Fetch-Site`, which no page can forge,
/// or by `Origin` if the browser does not send that. Values that are no such value, and
/// headers that are there twice, count as absent; with neither the answer is no.
pub(crate) fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    const SITES: [&str; 4] = ["same-origin", "same-site", "cross-site", "none"];
    match the_only(headers, "sec-fetch-site").filter(|site| SITES.contains(site)) {
        Some(site) => site == "same-origin",
        None => the_only(headers, header::ORIGIN.as_str()) == Some(origin),
    }
}

/// The media type of a message without parameters, as it is written: upper and lower case are not changed. Empty if there
/// is none.
pub(crate) fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
}

/// The value of a header that is there once.
pub(crate) fn the_only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let only = values.next()?;
    values.next().is_none().then_some(only)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const HERE: &str = "https://app.example.com";

    fn from_here(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_from_here(&headers, HERE)
    }

    /// CSRF-03, CSRF-05
    #[test]
    fn sec_fetch_site_decides_where_it_is_sent() {
        assert!(from_here(&[("sec-fetch-site", "same-origin")]));
        assert!(
            from_here(&[("sec-fetch-site", "same-origin"), ("origin", "null")]),
            "CSRF-05"
        );
        for site in ["cross-site", "same-site", "none"] {
            assert!(!from_here(&[("sec-fetch-site", site)]), "{site}");
            assert!(!from_here(&[("sec-fetch-site", site), ("origin", HERE)]), "{site}");
        }
    }

    /// CSRF-03
    #[test]
    fn garbage_and_doubled_headers_count_as_absent() {
        assert!(!from_here(&[("sec-fetch-site", "Same-Origin!")]));
        assert!(!from_here(&[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(from_here(&[("sec-fetch-site", "garbage"), ("origin", HERE)]));
    }

    /// CSRF-04
    #[test]
    fn origin_counts_as_a_whole() {
        assert!(from_here(&[("origin", HERE)]));
        for origin in [
            "https://app.example.com.evil",
            "https://app.example.com:8443",
            "http://app.example.com",
            "https://evil.example",
            "null",
            "",
        ] {
            assert!(!from_here(&[("origin", origin)]), "{origin}");
        }
        assert!(!from_here(&[]), "neither header is there");
        assert!(!from_here(&[("referer", "https://app.example.com/")]));
    }
}
