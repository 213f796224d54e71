//! Layers that let a request pass or answer it, by looking at it.

use super::around::{Answer, Inner};
use crate::config::PublicUrl;
use crate::error::Error;
use crate::request::is_from_here;
use axum::extract::Request;
use axum::http::Method;
use axum::response::IntoResponse;
use futures::future::{Either, Ready, ready};
use std::sync::Arc;

/// If `decide` gives an error, that error is the answer, and nothing inside is called.
pub(crate) fn check<S: Inner>(
    decide: impl Fn(&Request) -> Result<(), Error> + Clone,
) -> impl Fn(&mut S, Request) -> Either<Ready<Answer>, S::Future> + Clone {
    move |inner, request| match decide(&request) {
        Ok(()) => Either::Right(inner.call(request)),
        Err(error) => Either::Left(ready(Ok(error.into_response()))),
    }
}

/// Refuses a request that changes something and does not come from a page at `public_url` (invariant 10, CSRF-03 and
/// CSRF-04).
///
/// tower-http's layer lets a request pass without a header about its origin, and compares `Origin` with `Host`, which
/// the client chooses. This one refuses the first and compares with the configured origin.
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

/// Refuses a request that `Sec-Purpose` (Fetch §3.9), or `Purpose` in older browsers, marks as a prefetch or a
/// prerender.
///
/// A page that was prepared in advance shows the person who was signed in then, and comes onto the screen later, perhaps
/// after that person has signed out. It would also count as activity of a person who did nothing. So nothing that depends
/// on the session is prepared: the browser drops a refused page, and asks again when a person opens it.
pub(crate) fn refuse_prefetch(request: &Request) -> Result<(), Error> {
    let headers = request.headers();
    let is_prefetch = ["sec-purpose", "purpose"].iter().any(|name| {
        let purpose = headers.get(*name).and_then(|value| value.to_str().ok());
        purpose.is_some_and(|purpose| purpose.trim_start().starts_with("prefetch"))
    });
    if is_prefetch { Err(Error::Prefetch) } else { Ok(()) }
}
