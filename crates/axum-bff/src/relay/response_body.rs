//! The body of an answer, on its way to the browser: at the browser's pace, and at most until the session ends.
//!
//! A body that ends too early is cut for the browser too, so that a part is never taken for the
//! whole. An event stream also ends with the server, and in good order: the browser asks for it again, of another
//! replica. Dropped, it drops the connection to the API: a browser that goes away ends the call.

use super::caller::EndOfSession;
use crate::concurrency::PersonPermit;
use crate::idle::Idle;
use axum::body::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::task::AbortHandle;

/// The events that end a body, besides its own end.
pub(super) struct Bounds {
    /// How long it may stand still. `None`: an event stream, which may.
    pub(super) idle: Option<Duration>,
    /// The end of its session.
    pub(super) session: EndOfSession,
    /// The end of the server, for an event stream, which otherwise has none.
    pub(super) server: Option<EndOfServer>,
    /// Held until the end.
    pub(super) permit: PersonPermit,
}

/// Resolves when the server ends.
pub(super) type EndOfServer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A body within its bounds.
///
/// hyper polls a body only while the browser reads it. So the body of an answer that is not over at once, with its
/// room and its connection to the API, also lies within reach of a task of its own, which takes them away when the session
/// ends.
pub(super) struct RelayedBody<B> {
    held: Arc<Held<B>>,
    idle: Option<Idle>,
    /// The ends that the task waits for, until the task begins.
    ends: Option<Ends>,
    watcher: Option<AbortHandle>,
}

struct Ends {
    session: EndOfSession,
    server: Option<EndOfServer>,
}

/// The parts that are dropped when the session ends.
struct Held<B>(Mutex<Slot<B>>);

struct Slot<B> {
    answer: Option<(B, PersonPermit)>,
    /// Why the answer was cut. The reader gets it once.
    cut: Option<Cut>,
    reader: Option<Waker>,
}

impl<B> RelayedBody<B> {
    pub(super) fn new(body: B, bounds: Bounds) -> Self {
        let slot = Slot {
            answer: Some((body, bounds.permit)),
            cut: None,
            reader: None,
        };
        Self {
            held: Arc::new(Held(Mutex::new(slot))),
            idle: bounds.idle.map(Idle::new),
            ends: Some(Ends {
                session: bounds.session,
                server: bounds.server,
            }),
            watcher: None,
        }
    }
}

impl<B> Held<B> {
    fn slot(&self) -> MutexGuard<'_, Slot<B>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the answer and leaves this for the reader.
    fn end(&self, cut: Option<Cut>) {
        let mut slot = self.slot();
        let Some(answer) = slot.answer.take() else { return };
        slot.cut = cut;
        let reader = slot.reader.take();
        drop(slot);
        drop(answer);
        match cut {
            Some(Cut::SessionEnded) => {
                tracing::debug!(code = "relay_session_ended", "an answer was cut: {}", Cut::SessionEnded);
            }
            Some(cut) => tracing::warn!(code = "upstream_cut", "an answer was cut: {cut}"),
            None => {}
        }
        if let Some(reader) = reader {
            reader.wake();
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
            Self::Upstream => "the API broke off its answer",
        })
    }
}

impl std::error::Error for Cut {}

impl<B: HttpBody<Data = Bytes> + Unpin + Send + 'static> HttpBody for RelayedBody<B> {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = &mut *self;
        let next = this.held.next(context);
        let cut = match &next {
            Poll::Ready(Some(Ok(_))) => {
                if let Some(idle) = &mut this.idle {
                    idle.moved();
                }
                if !this.is_end_stream() {
                    this.watch();
                }
                return next;
            }
            Poll::Ready(Some(Err(cut))) => Some(*cut),
            Poll::Ready(None) => None,
            Poll::Pending => {
                this.watch();
                match this.idle.as_mut().map(|idle| idle.poll_waiting(context)) {
                    Some(Poll::Ready(())) => Some(Cut::Idle),
                    _ => return Poll::Pending,
                }
            }
        };
        this.held.end(cut);
        // The reader is told here.
        this.held.slot().cut = None;
        Poll::Ready(cut.map(Err))
    }

    fn is_end_stream(&self) -> bool {
        let slot = self.held.slot();
        match &slot.answer {
            Some((body, _)) => body.is_end_stream(),
            None => slot.cut.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let slot = self.held.slot();
        slot.answer
            .as_ref()
            .map(|(body, _)| body.size_hint())
            .unwrap_or_default()
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> Held<B> {
    fn next(&self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let mut slot = self.slot();
        let Slot { answer, cut, reader } = &mut *slot;
        let Some((body, _)) = answer else {
            return Poll::Ready(cut.take().map(Err));
        };
        loop {
            return match Pin::new(&mut *body).poll_frame(context) {
                // Trailers are headers that nobody has looked at.
                Poll::Ready(Some(Ok(frame))) if !frame.is_data() => continue,
                Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(frame))),
                Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(Cut::Upstream))),
                Poll::Ready(None) => Poll::Ready(None),
                Poll::Pending => {
                    *reader = Some(context.waker().clone());
                    Poll::Pending
                }
            };
        }
    }
}

impl<B: Send + 'static> RelayedBody<B> {
    /// From now on the end of the session, or of the server, takes the answer away.
    fn watch(&mut self) {
        let Some(Ends { session, server }) = self.ends.take() else {
            return;
        };
        let held = self.held.clone();
        let server = async {
            match server {
                Some(server) => server.await,
                None => std::future::pending().await,
            }
        };
        let watcher = tokio::spawn(async move {
            tokio::select! {
                () = session => held.end(Some(Cut::SessionEnded)),
                () = server => held.end(None),
            }
        });
        self.watcher = Some(watcher.abort_handle());
    }
}

impl<B> Drop for RelayedBody<B> {
    fn drop(&mut self) {
        if let Some(watcher) = &self.watcher {
            watcher.abort();
        }
        let answer = self.held.slot().answer.take();
        drop(answer);
    }
}

#[cfg(test)]
mod tests;
