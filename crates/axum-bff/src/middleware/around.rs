//! One service for each layer of here: around the service inside stands a function.
//!
//! The function names its own future, so that a layer that only decides needs no box; axum's `from_fn` makes one for every
//! request.

use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use std::convert::Infallible;
use std::task::{Context, Poll};
use tower::Service;
use tower::layer::{LayerFn, layer_fn};

/// The outcome of every service of here: a failure is an answer too.
pub(crate) type Answer = Result<Response, Infallible>;

/// A future that waits for something before it answers.
pub(crate) type Waiting = BoxFuture<'static, Answer>;

/// A service inside of a layer. It is [`shared`](super::shared), so that a clone is cheap and always ready.
pub(crate) trait Inner:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> Inner for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// The layer. `answer` gets the service inside and a request.
pub(crate) fn around<S, F, A>(answer: F) -> LayerFn<impl Fn(S) -> Around<S, F> + Clone>
where
    S: Inner,
    F: Fn(&mut S, Request) -> A + Clone,
    A: Future<Output = Answer>,
{
    layer_fn(move |inner| Around {
        inner,
        answer: answer.clone(),
    })
}

/// A service with a function around it.
#[derive(Clone, Debug)]
pub(crate) struct Around<S, F> {
    inner: S,
    answer: F,
}

impl<S, F, A> Service<Request> for Around<S, F>
where
    S: Inner,
    F: Fn(&mut S, Request) -> A,
    A: Future<Output = Answer>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = A;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> A {
        (self.answer)(&mut self.inner, request)
    }
}
