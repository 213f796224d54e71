//! The size of what is sent to us.
//!
//! A form is read whole before anything looks at it, so that one without a `Content-Length` that
//! turns out too long is told apart from one that a handler cannot read.

use crate::error::Error;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Forms of this application are small.
const LIMIT: usize = 64 * 1024;

pub(crate) async fn body_limit(request: Request, next: Next) -> Result<Response, Error> {
    if request.body().is_end_stream() {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LIMIT).await.map_err(|_| Error::TooLarge)?;
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}
