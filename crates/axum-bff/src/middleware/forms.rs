//! Forms: the limit of their size, and the page after one.

use super::around::{Inner, Waiting};
use crate::bff::Bff;
use crate::bounds::USUAL_BODY;
use crate::config::PublicUrl;
use crate::error::Error;
use crate::response::see_other;
use crate::return_to::ReturnTo;
use axum::RequestExt;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::future::Either;
use std::sync::Arc;
use tower::ServiceExt;

/// Reads a body whole before anything looks at it: so one without a `Content-Length` that turns out too long is told apart
/// from one that a handler cannot read. If the application sets another bound, the body may be an upload that does not fit
/// into memory: the handler reads it as it arrives. A request without a body needs no box.
pub(crate) fn body_limit<S: Inner>(bff: Bff) -> impl Fn(&mut S, Request) -> Either<S::Future, Waiting> + Clone {
    move |inner, mut request| {
        if request.body().is_end_stream() {
            return Either::Left(inner.call(request));
        }
        if let Some(limit) = bff.bounds.body(request.uri().path()) {
            // axum's extractors know the bound by an extension. Handlers that read the body by themselves meet it in the body.
            DefaultBodyLimit::max(limit).apply(&mut request);
            return Either::Left(inner.call(request.with_limited_body()));
        }
        let inner = inner.clone();
        Either::Right(Box::pin(async move {
            let (parts, body) = request.into_parts();
            match to_bytes(body, USUAL_BODY).await {
                Ok(bytes) => inner.oneshot(Request::from_parts(parts, Body::from(bytes))).await,
                Err(_) => Ok(Error::TooLarge.into_response()),
            }
        }))
    }
}

/// Answers a form that a page without JavaScript posted to a server function. `public_url` is the address of this server.
///
/// Leptos answers such a form with 302 to the path that the function named, or else to the request's `Referer`. Here the
/// answer becomes a 303 to a page of ours (RED-05, RED-07).
pub(crate) fn form_response(public_url: Arc<PublicUrl>) -> impl Fn(Response) -> Response + Clone {
    move |response| {
        if response.status() != StatusCode::FOUND {
            return response;
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        // The `Referer` is a whole address, and a function names a path of the application.
        let page = location.map(|to| match to.strip_prefix(public_url.origin()) {
            Some(seen) => ReturnTo::seen(seen, &public_url),
            None => ReturnTo::judge(to),
        });
        see_other(page.unwrap_or_default().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    /// RED-07
    #[test]
    fn a_form_s_answer_leads_to_a_page_of_this_application_below_a_path_too() {
        for (url, location, page) in [
            ("https://example.com", "https://example.com/cart?x=1", "/cart?x=1"),
            ("https://example.com", "/orders/1", "/orders/1"),
            ("https://example.com", "https://evil.example/cart", "/"),
            (
                "https://example.com/shop",
                "https://example.com/shop/cart?x=1",
                "/cart?x=1",
            ),
            ("https://example.com/shop", "https://example.com/other/cart", "/"),
            ("https://example.com/shop", "https://example.com.evil/shop/cart", "/"),
            // A server function returns a path of the application, without the path of the public URL.
            ("https://example.com/shop", "/orders/1", "/orders/1"),
        ] {
            let answer = form_response(Arc::new(PublicUrl::parse(url, false).expect("a URL")));
            let response = Response::builder().status(302).header(header::LOCATION, location);
            let response = answer(response.body(Body::empty()).expect("a response"));
            assert_eq!(response.headers()[header::LOCATION], page, "{url} {location}");
        }
    }
}
