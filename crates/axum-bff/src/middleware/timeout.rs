//! The longest time until the head of an answer.
//!
//! tower-http's layer looks at its timer before it looks at the answer, so that each request enters the runtime's timers
//! and leaves them again. Here an answer that is there at once costs no timer.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::Map;
use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::error::Elapsed;
use tokio::time::{self, Timeout};
use tower::Service;
use tower::layer::{LayerFn, layer_fn};

/// The layer. An answer that is not there in time is 503.
pub(crate) fn timeout<S>(longest: Duration) -> LayerFn<impl Fn(S) -> Timed<S> + Clone> {
    layer_fn(move |inner| Timed { inner, longest })
}

/// A service that answers in time.
#[derive(Clone, Debug)]
pub(crate) struct Timed<S> {
    inner: S,
    longest: Duration,
}

type Answer = Result<Response, Infallible>;

impl<S> Service<Request> for Timed<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Map<Timeout<S::Future>, fn(Result<Answer, Elapsed>) -> Answer>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        time::timeout(self.longest, self.inner.call(request)).map(in_time as fn(_) -> _)
    }
}

fn in_time(answer: Result<Answer, Elapsed>) -> Answer {
    answer.unwrap_or_else(|_| Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()))
}
