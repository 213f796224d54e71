//! What kind of request this is.

use axum::http::{HeaderMap, header};

/// Whether a person is opening a page, rather than a script asking for data: by
/// `Sec-Fetch-Mode`, or by `Accept` where the browser does not send that.
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

/// Whether the whole page is being navigated: not a frame, an image or a script's fetch. A
/// browser without Fetch Metadata gets the benefit of the doubt.
#[must_use]
pub(crate) fn is_document(headers: &HeaderMap) -> bool {
    let is = |name, expected| headers.get(name).is_none_or(|value| value == expected);
    is("sec-fetch-dest", "document") && is("sec-fetch-mode", "navigate")
}
