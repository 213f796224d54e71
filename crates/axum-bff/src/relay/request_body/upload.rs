//! An upload that may go on after the head of its answer.
//!
//! Until that head is there, the time-out of the call bounds the upload. After it nobody polls the upload but the connection
//! to the API, at the API's pace. So it lies within reach of a task, which takes it away when its session ends.

use super::super::caller::EndOfSession;
use crate::concurrency::PersonPermit;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::sync::oneshot;

/// Within reach of the task: the upload, from afar.
#[derive(Debug)]
pub(in super::super) struct Upload {
    source: Source,
    over: oneshot::Receiver<()>,
}

/// The upload is under way until this is dropped.
pub(super) type UnderWay = oneshot::Sender<()>;

/// The browser's upload, until its session ends.
#[derive(Clone, Debug)]
pub(super) struct Source(Arc<Mutex<Slot>>);

#[derive(Debug)]
struct Slot {
    body: Option<Body>,
    reader: Option<Waker>,
}

/// One upload, for the two sides.
pub(super) fn upload(body: Body) -> (Upload, Source, UnderWay) {
    let slot = Slot {
        body: Some(body),
        reader: None,
    };
    let source = Source(Arc::new(Mutex::new(slot)));
    let (under_way, over) = oneshot::channel();
    let upload = Upload {
        source: source.clone(),
        over,
    };
    (upload, source, under_way)
}

impl Upload {
    /// Binds an upload that goes on after its answer: its place stays taken until it is over, and the end of its
    /// session ends it.
    pub(in super::super) fn bound(mut self, session: EndOfSession, permit: PersonPermit) {
        if !matches!(self.over.try_recv(), Err(oneshot::error::TryRecvError::Empty)) {
            return;
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = &mut self.over => {}
                () = session => {
                    tracing::debug!(code = "relay_session_ended", "an upload was cut: the session has ended");
                    self.source.take_away();
                }
            }
            drop(permit);
        });
    }
}

impl Source {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_away(&self) {
        let mut slot = self.slot();
        let (body, reader) = (slot.body.take(), slot.reader.take());
        drop(slot);
        drop(body);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// The next frame. An upload whose session has ended is cut.
    pub(super) fn poll_frame(&self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut slot = self.slot();
        let Slot { body, reader } = &mut *slot;
        let Some(body) = body else {
            return Poll::Ready(Some(Err(axum::Error::new(TakenAway))));
        };
        let frame = Pin::new(body).poll_frame(context);
        if frame.is_pending() {
            *reader = Some(context.waker().clone());
        }
        frame
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.slot().body.as_ref().is_some_and(HttpBody::is_end_stream)
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        self.slot().body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

/// The session has ended.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the session has ended")]
struct TakenAway;
