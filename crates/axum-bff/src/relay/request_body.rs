//! The body of a request, on its way to the API.
//!
//! A short one whose length is known is read first, so that it can be sent again after a 401. Any
//! other streams, at the pace at which the API takes it, and is sent once.

mod upload;

use self::upload::{Source, UnderWay, upload};
use super::RelayError;
use crate::idle::Idle;
use axum::body::{Body, Bytes, to_bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

pub(super) use self::upload::Upload;

/// The largest body that is kept in memory for a replay.
const KEPT: usize = 64 * 1024;

/// A body to send.
#[derive(Debug)]
pub(super) enum RequestBody {
    /// A body that can be sent again.
    Kept(Bytes),
    /// A body that is passed on as it comes, and is not kept.
    Passing(Body),
}

impl RequestBody {
    /// Reads a short body. `limit` is in bytes.
    pub(super) async fn take(body: Body, limit: u64) -> Result<Self, RelayError> {
        let size = body.size_hint();
        if size.lower() > limit {
            return Err(RelayError::BodyTooLarge);
        }
        let is_short = size.exact().is_some_and(|size| size <= KEPT as u64);
        if !is_short {
            return Ok(Self::Passing(body));
        }
        let bytes = to_bytes(body, KEPT).await.map_err(|_| RelayError::BodyCut)?;
        Ok(Self::Kept(bytes))
    }

    /// The body to send. `limit` is in bytes, `idle` how long it may stand still.
    pub(super) fn outgoing(self, limit: u64, idle: Duration) -> Outgoing {
        let fate = Fate::default();
        match self {
            Self::Kept(bytes) => Outgoing {
                body: bytes.clone().into(),
                replay: Some(bytes),
                fate,
                upload: None,
            },
            Self::Passing(body) => {
                let (upload, source, under_way) = upload(body);
                let passing = Passing {
                    source,
                    left: limit,
                    idle: Idle::new(idle),
                    fate: fate.clone(),
                    _under_way: under_way,
                };
                Outgoing {
                    body: Body::new(passing),
                    replay: None,
                    fate,
                    upload: Some(upload),
                }
            }
        }
    }
}

/// A body to send.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) body: Body,
    /// The same again, if there can be a replay.
    pub(super) replay: Option<Bytes>,
    pub(super) fate: Fate,
    /// There if the body passes by, and may go on after the head of the answer.
    pub(super) upload: Option<Upload>,
}

/// Why a passing body was given up, if it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate(Arc<AtomicU8>);

impl Fate {
    const UNKNOWN: u8 = 0;
    const TOO_LARGE: u8 = 1;
    const CUT: u8 = 2;
    const SLOW: u8 = 3;
    const AWAITED: u8 = 4;

    /// The error that explains the failed call, if the body does.
    pub(super) fn error(&self) -> Option<RelayError> {
        match self.0.load(Ordering::Acquire) {
            Self::TOO_LARGE => Some(RelayError::BodyTooLarge),
            Self::CUT => Some(RelayError::BodyCut),
            Self::SLOW => Some(RelayError::BodySlow),
            _ => None,
        }
    }

    /// Whether it is the body that everybody waits for.
    pub(super) fn is_awaited(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::AWAITED
    }

    fn is(&self, fate: u8) {
        self.0.store(fate, Ordering::Release);
    }

    fn seal(&self, fate: u8) -> PassingError {
        self.is(fate);
        PassingError
    }
}

/// The body of the request was given up.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("reading the body of the request was given up")]
struct PassingError;

/// Counts the passing bytes.
struct Passing {
    source: Source,
    left: u64,
    idle: Idle,
    fate: Fate,
    _under_way: UnderWay,
}

impl HttpBody for Passing {
    type Data = Bytes;
    type Error = PassingError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, PassingError>>> {
        let this = &mut *self;
        loop {
            let frame = match this.source.poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    this.fate.is(Fate::AWAITED);
                    return this
                        .idle
                        .poll_waiting(context)
                        .map(|()| Some(Err(this.fate.seal(Fate::SLOW))));
                }
            };
            this.idle.moved();
            this.fate.is(Fate::UNKNOWN);
            return Poll::Ready(match frame {
                None => None,
                Some(Err(_)) => Some(Err(this.fate.seal(Fate::CUT))),
                Some(Ok(frame)) => {
                    // Trailers are headers that nobody has looked at.
                    let Ok(data) = frame.into_data() else { continue };
                    match this.left.checked_sub(data.len() as u64) {
                        Some(left) => {
                            this.left = left;
                            Some(Ok(Frame::data(data)))
                        }
                        None => Some(Err(this.fate.seal(Fate::TOO_LARGE))),
                    }
                }
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        self.source.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.source.size_hint()
    }
}
