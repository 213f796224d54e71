//! A layer that lets a request pass or answers it, by looking at it.
//!
//! What needs no waiting needs no box either, which axum's `from_fn` makes for every request.

use crate::error::Error;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::future::{Either, Ready, ready};
use std::convert::Infallible;
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
