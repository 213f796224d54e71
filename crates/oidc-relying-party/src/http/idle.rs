//! Connections that the provider closes while they are idle.
//!
//! A connection from the pool may be closed at the other end in the instant in which a request goes out on it. Nothing of
//! an answer comes then, and nearly always nothing was read. Such a request is worth one repetition, which a request on a
//! connection of its own is not: there a provider went away that had just come to the door.

use std::{
    cell::Cell,
    error::Error,
    io,
    task::{Context, Poll},
};

use reqwest::{RequestBuilder, Response};
use tower::Service;

tokio::task_local! {
    /// Whether a connection was begun for the request that this task sends.
    static CONNECTS: Cell<bool>;
}

/// A connector that notes that it is used.
#[derive(Clone)]
pub(super) struct Noted<S>(pub(super) S);

impl<S: Service<R>, R> Service<R> for Noted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> S::Future {
        // A connection that the pool makes for itself belongs to no request.
        let _ = CONNECTS.try_with(|connects| connects.set(true));
        self.0.call(destination)
    }
}

/// Why there is no response.
pub(super) struct Unsent {
    pub(super) error: reqwest::Error,
    /// Whether the request went out on a connection from the pool, which was closed before anything was answered.
    pub(super) closed_while_idle: bool,
}

/// Sends a request once.
pub(super) async fn send(request: RequestBuilder) -> Result<Response, Unsent> {
    let sending = async {
        let outcome = request.send().await;
        (outcome, CONNECTS.with(Cell::get))
    };
    let (outcome, connects) = CONNECTS.scope(Cell::new(false), sending).await;
    outcome.map_err(|error| Unsent {
        closed_while_idle: !connects && is_close(&error),
        error,
    })
}

/// Whether the other end closed the connection. A head that broke off in the middle looks the same.
fn is_close(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && (error.is_incomplete_message() || error.is_canceled() || error.is_closed())
        {
            return true;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return matches!(
                error.kind(),
                io::ErrorKind::BrokenPipe
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::UnexpectedEof
            );
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests;
