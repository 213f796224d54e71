//! Where a form goes that a page posted to a server function without JavaScript.
//!
//! Leptos answers it with 302 to what the function named, or else to whatever the request's
//! `Referer` says. Here it becomes a 303 to a page of ours (RED-05, RED-07).

use crate::config::PublicUrl;
use crate::response::see_other;
use crate::return_to::ReturnTo;
use axum::http::{StatusCode, header};
use axum::response::Response;
use std::sync::Arc;

/// The answer, where `public_url` is this server's address.
pub(crate) fn form_answer(public_url: Arc<PublicUrl>) -> impl Fn(Response) -> Response + Clone {
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
