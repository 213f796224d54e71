//! The body of an answer, on its way to the browser: at the browser's pace, and no longer than
//! the session lasts.
//!
//! One that ends too early is cut for the browser too, so that a part is never taken for the
//! whole. An event stream also ends with the server, and in good order: the browser asks for it again, of another
//! replica. Dropped, it drops the connection to the API: a browser that goes away ends the call.

use super::idle::Idle;
use super::person::Room;
use super::session_end::EndOfSession;
use axum::body::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// What a body ends with, besides itself.
pub(super) struct Bounds {
    /// How long it may stand still. None: an event stream, which may.
    pub(super) idle: Option<Duration>,
    /// The end of its session.
    pub(super) session: EndOfSession,
    /// The end of the server, for an event stream, which otherwise has none.
    pub(super) server: Option<EndOfServer>,
    /// Its room.
    pub(super) room: Room,
}

/// Resolves when the server ends.
pub(super) type EndOfServer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A body within its bounds.
pub(super) struct RelayedBody<B> {
    body: Option<B>,
    idle: Option<Idle>,
    session: EndOfSession,
    server: Option<EndOfServer>,
    has_begun: bool,
    _room: Room,
}

impl<B: HttpBody> RelayedBody<B> {
    pub(super) fn new(body: B, bounds: Bounds) -> Self {
        Self {
            body: Some(body),
            idle: bounds.idle.map(Idle::new),
            session: bounds.session,
            server: bounds.server,
            has_begun: false,
            _room: bounds.room,
        }
    }
}

/// Why a body was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    SessionEnded,
    Idle,
    Upstream,
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SessionEnded => "the session has ended",
            Self::Idle => "the API stopped in the middle of its answer",
            Self::Upstream => "the API cut its answer",
        })
    }
}

impl std::error::Error for Cut {}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for RelayedBody<B> {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        // Most answers are there at once and whole, and need not be woken by anything.
        let is_first = !std::mem::replace(&mut this.has_begun, true);
        if !is_first && this.session.as_mut().poll(context).is_ready() {
            return this.end(Cut::SessionEnded);
        }
        let server = this.server.as_mut().map(|server| server.as_mut().poll(context));
        if server.is_some_and(|end| end.is_ready()) {
            this.body = None;
            return Poll::Ready(None);
        }
        loop {
            match Pin::new(&mut *body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Some(idle) = &mut this.idle {
                        idle.moved();
                    }
                    // Trailers are headers that nobody has looked at.
                    if frame.is_data() {
                        return Poll::Ready(Some(Ok(frame)));
                    }
                }
                Poll::Ready(Some(Err(_))) => return this.end(Cut::Upstream),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending if is_first && this.session.as_mut().poll(context).is_ready() => {
                    return this.end(Cut::SessionEnded);
                }
                Poll::Pending => match this.idle.as_mut().map(|idle| idle.poll_waiting(context)) {
                    Some(Poll::Ready(())) => return this.end(Cut::Idle),
                    _ => return Poll::Pending,
                },
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl<B> RelayedBody<B> {
    fn end(&mut self, cut: Cut) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        self.body = None;
        match cut {
            Cut::SessionEnded => tracing::debug!(code = "relay_session_ended", "an answer was cut: {cut}"),
            Cut::Idle | Cut::Upstream => tracing::warn!(code = "upstream_cut", "an answer was cut: {cut}"),
        }
        Poll::Ready(Some(Err(cut)))
    }
}

#[cfg(test)]
mod tests;
