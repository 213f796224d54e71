//! Where a form goes that a page posted to a server function without JavaScript.
//!
//! Leptos answers it with 302 to what the function named, or else to whatever the request's
//! `Referer` says. Here it becomes a 303 to a page of ours (RED-05, RED-07).

use crate::config::PublicUrl;
use crate::error::see_other;
use crate::return_to::ReturnTo;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

pub(crate) async fn form_answer(State(public_url): State<Arc<PublicUrl>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() != StatusCode::FOUND {
        return response;
    }
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = location
        .map(|to| to.strip_prefix(&public_url.origin()).unwrap_or(to))
        .unwrap_or_default();
    see_other(ReturnTo::judge(target).as_str())
}
