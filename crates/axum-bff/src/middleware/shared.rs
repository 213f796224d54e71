//! A layer's inner service, cloned by counting.
//!
//! A layer clones the service inside of it for every request, with all that is inside of that: eight layers around a page
//! of leptos were some hundred clones and boxes for each request, also for one that the second layer refused. Here a
//! clone is one count, and the inner service is cloned once, when it is called. It stands innermost, around the route.

use axum::extract::Request;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::layer::{LayerFn, layer_fn};
use tower::util::Oneshot;
use tower::{Service, ServiceExt};

/// The layer.
pub(crate) fn shared<S>() -> LayerFn<fn(S) -> Shared<S>> {
    layer_fn(|inner| Shared(Arc::new(inner)))
}

/// A service behind a count.
#[derive(Debug)]
pub(crate) struct Shared<S>(Arc<S>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Service<Request> + Clone> Service<Request> for Shared<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Oneshot<S, Request>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // The clone that is called is asked.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        S::clone(&self.0).oneshot(request)
    }
}
