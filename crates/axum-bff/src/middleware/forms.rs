//! Forms: how large what is sent may be, and where the answer to one leads.

use crate::config::PublicUrl;
use crate::error::Error;
use crate::response::see_other;
use crate::return_to::ReturnTo;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// The bytes of a form at most. Forms of this application are small.
const LIMIT: usize = 64 * 1024;

/// Reads a body whole before anything looks at it: so one without a `Content-Length` that turns out too long is told apart
/// from one that a handler cannot read.
pub(crate) async fn body_limit(request: Request, next: Next) -> Result<Response, Error> {
    if request.body().is_end_stream() {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LIMIT).await.map_err(|_| Error::TooLarge)?;
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

/// Answers a form that a page without JavaScript posted to a server function. `public_url` is the address of this server.
///
/// Leptos answers such a form with 302 to what the function named, or else to what the request's `Referer` says. Here the
/// answer becomes a 303 to a page of ours (RED-05, RED-07).
pub(crate) fn form_response(public_url: Arc<PublicUrl>) -> impl Fn(Response) -> Response + Clone {
    move |response| {
        if response.status() != StatusCode::FOUND {
            return response;
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let target = location.map(|to| to.strip_prefix(public_url.origin()).unwrap_or(to));
        see_other(ReturnTo::judge(target.unwrap_or_default()).as_str())
    }
}
