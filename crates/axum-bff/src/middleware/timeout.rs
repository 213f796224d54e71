//! The longest time until the head of an answer.
//!
//! tower-http's layer looks at its timer before it looks at the answer, so that each request enters the runtime's timers
//! and leaves them again. Here an answer that is there at once costs no timer.

use super::around::{Answer, Inner};
use crate::bff::Bff;
use crate::error::Error;
use axum::extract::Request;
use axum::response::IntoResponse;
use futures::FutureExt;
use futures::future::Map;
use tokio::time::error::Elapsed;
use tokio::time::{self, Timeout};

/// An answer that has a bound in time.
type Timed<F> = Map<Timeout<F>, fn(Result<Answer, Elapsed>) -> Answer>;

/// An answer that is not there within the bound of its route is 503.
pub(crate) fn timeout<S: Inner>(bff: Bff) -> impl Fn(&mut S, Request) -> Timed<S::Future> + Clone {
    move |inner, request| {
        let longest = bff.bounds.answer(request.uri().path());
        time::timeout(longest, inner.call(request)).map(in_time as fn(_) -> _)
    }
}

fn in_time(answer: Result<Answer, Elapsed>) -> Answer {
    answer.unwrap_or_else(|_| Ok(Error::Slow.into_response()))
}
