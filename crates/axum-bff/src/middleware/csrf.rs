//! What changes something has to come from our own pages (invariant 10, CSRF-03 and CSRF-04).
//!
//! tower-http's layer lets a request pass that says nothing of where it comes from, and compares
//! `Origin` with `Host`, which the client chooses. This one refuses the first and compares with
//! the configured origin.

use crate::config::PublicUrl;
use crate::error::Error;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use std::sync::Arc;

/// Refuses a request that changes something and does not come from a page at `public_url`.
pub(crate) fn csrf(public_url: Arc<PublicUrl>) -> impl Fn(&Request) -> Result<(), Error> + Clone {
    move |request| {
        let changes_nothing = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if changes_nothing || is_from_here(request.headers(), public_url.origin()) {
            Ok(())
        } else {
            Err(Error::CrossSite)
        }
    }
}

/// Whether a page of this origin sent the request: by `Sec-Fetch-Site`, which no page can forge,
/// or by `Origin` where the browser does not send that. Values that are no such value, and
/// headers that are there twice, count as absent; with neither the answer is no.
pub(crate) fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    const SITES: [&str; 4] = ["same-origin", "same-site", "cross-site", "none"];
    match only(headers, "sec-fetch-site").filter(|site| SITES.contains(site)) {
        Some(site) => site == "same-origin",
        None => only(headers, header::ORIGIN.as_str()) == Some(origin),
    }
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
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

    #[test]
    fn csrf_03_sec_fetch_site_decides_where_it_is_sent() {
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

    #[test]
    fn csrf_03_garbage_and_doubled_headers_count_as_absent() {
        assert!(!from_here(&[("sec-fetch-site", "Same-Origin!")]));
        assert!(!from_here(&[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(from_here(&[("sec-fetch-site", "garbage"), ("origin", HERE)]));
    }

    #[test]
    fn csrf_04_origin_counts_as_a_whole() {
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
        assert!(!from_here(&[]), "with neither header");
        assert!(!from_here(&[("referer", "https://app.example.com/")]));
    }
}
