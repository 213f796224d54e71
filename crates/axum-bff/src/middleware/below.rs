//! An application below a path: its answers name its own paths as browsers see them.
//!
//! The request's path has been taken out of the public one already. Each `Location` that is a path gets the public path
//! back. An API's `Location` means nothing here and stays as it is.

use crate::config::PublicUrl;
use crate::paths;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

pub(crate) async fn below(State(public_url): State<Arc<PublicUrl>>, request: Request, next: Next) -> Response {
    let is_of_an_api = request.uri().path().starts_with(paths::API);
    let mut response = next.run(request).await;
    if !is_of_an_api && let Some(seen) = seen(&public_url, response.headers()) {
        response.headers_mut().insert(header::LOCATION, seen);
    }
    response
}

fn seen(public_url: &PublicUrl, headers: &HeaderMap) -> Option<HeaderValue> {
    let location = headers.get(header::LOCATION)?.to_str().ok()?;
    let is_path = location.starts_with('/') && !location.starts_with("//");
    is_path.then(|| HeaderValue::try_from(public_url.seen(location)).ok())?
}
