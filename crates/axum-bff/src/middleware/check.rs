//! Layers that let a request pass or answer it, by looking at it.
//!
//! A decision without waiting needs no box, which axum's `from_fn` makes for every request.

use crate::config::PublicUrl;
use crate::error::Error;
use crate::request::is_from_here;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use futures::future::{Either, Ready, ready};
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::{Layer, Service};

/// The layer. Where `decide` says an error, that is the answer, and nothing inside is called.
pub(crate) fn check<F: Fn(&Request) -> Result<(), Error> + Clone>(decide: F) -> CheckLayer<F> {
    CheckLayer { decide }
}

/// Puts a decision before a service.
#[derive(Clone, Debug)]
pub(crate) struct CheckLayer<F> {
    decide: F,
}

impl<S, F: Clone> Layer<S> for CheckLayer<F> {
    type Service = Check<S, F>;

    fn layer(&self, inner: S) -> Check<S, F> {
        let decide = self.decide.clone();
        Check { inner, decide }
    }
}

/// A service behind a decision.
#[derive(Clone, Debug)]
pub(crate) struct Check<S, F> {
    inner: S,
    decide: F,
}

impl<S, F> Service<Request> for Check<S, F>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    F: Fn(&Request) -> Result<(), Error>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match (self.decide)(&request) {
            Ok(()) => Either::Right(self.inner.call(request)),
            Err(error) => Either::Left(ready(Ok(error.into_response()))),
        }
    }
}

/// Refuses a request that changes something and does not come from a page at `public_url` (invariant 10, CSRF-03 and
/// CSRF-04).
///
/// tower-http's layer lets a request pass that says nothing of where it comes from, and compares `Origin` with `Host`, which
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
