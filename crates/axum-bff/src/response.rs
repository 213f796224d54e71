//! The common parts of this server's responses.

mod onward;

pub(crate) use onward::onward;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

/// After this many seconds a failed store or provider may be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// After this many seconds a request that was one too many may be sent again.
const RETRY_TOO_MANY: HeaderValue = HeaderValue::from_static("1");

/// Marks a response whose status is an error and whose body says so already, such as a health report. No problem page or
/// document takes its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FinalResponse;

/// A response that brings its own Content-Security-Policy: it is no page of ours.
#[derive(Clone, Debug)]
pub(crate) struct OwnPolicy(pub(crate) HeaderValue);

/// Adds `Retry-After` (RFC 9110 §10.2.3) if the status says that a later request may succeed.
pub(crate) fn add_retry_after(response: &mut Response, status: StatusCode) {
    let seconds = match status {
        StatusCode::SERVICE_UNAVAILABLE => RETRY_AFTER,
        StatusCode::TOO_MANY_REQUESTS => RETRY_TOO_MANY,
        _ => return,
    };
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
}

/// A redirect that the browser follows with GET (RED-05).
pub(crate) fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response
}
