//! The traffic of a WebSocket after its handshake: bytes both ways, until one side is done or stops reading, the
//! session has ended, or this server ends.
//!
//! In the last two cases both sides get a Close frame after the frame that is on its way, and nothing
//! else any more. A side that does not let it come to that within a moment is cut.

use super::caller::EndOfSession;
use super::frames::{Close, Frames};
use crate::concurrency::PersonPermit;
use bff_session::key_ring;
use std::io;
use std::ops::Range;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::sync::watch;
use tokio::time::timeout;

/// The longest time for the end of a frame, our Close and the answers to it together.
const GOODBYE: Duration = Duration::from_millis(500);
/// The most that is read at once, in bytes.
const BUFFER: usize = 8 * 1024;

/// The events that end a socket, besides its own end.
pub(super) struct Bounds {
    /// The end of its session.
    pub(super) session: EndOfSession,
    /// Becomes true when this server ends.
    pub(super) going_away: watch::Receiver<bool>,
    /// The longest time in which one side may read nothing of the other's messages.
    pub(super) stuck: Duration,
    /// Held until the end.
    pub(super) permit: PersonPermit,
}

/// Carries bytes both ways, until the end. Then both sides are closed.
pub(super) async fn tunnel(
    browser: impl AsyncRead + AsyncWrite + Unpin,
    api: impl AsyncRead + AsyncWrite + Unpin,
    bounds: Bounds,
) {
    let Bounds {
        session,
        mut going_away,
        stuck,
        permit: _permit,
    } = bounds;
    let (from_browser, to_browser) = split(browser);
    let (from_api, to_api) = split(api);
    let mut up = Way::new(from_browser, to_api);
    let mut down = Way::new(from_api, to_browser);
    let close = tokio::select! {
        _ = up.carry(stuck) => return,
        _ = down.carry(stuck) => return,
        () = session => Close::SessionEnded,
        _ = going_away.wait_for(|going| *going) => Close::GoingAway,
    };
    tracing::debug!(code = close.reason(), "a socket is closed");
    // To the API we are a client, and clients mask (RFC 6455 §5.3).
    let (to_api, to_browser) = (close.frame(Some(key_ring::random())), close.frame(None));
    let both = async { tokio::join!(up.end(&to_api), down.end(&to_browser)) };
    let _ = timeout(GOODBYE, both).await;
}

/// One way. Wherever it is left, nothing that was read is lost, and the place among the frames is known.
struct Way<R, W> {
    from: R,
    to: W,
    buffer: Box<[u8]>,
    /// The part of the buffer that has been read and not written yet.
    waiting: Range<usize>,
    /// The frames of the written bytes.
    frames: Frames,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Way<R, W> {
    fn new(from: R, to: W) -> Self {
        Self {
            from,
            to,
            buffer: vec![0; BUFFER].into(),
            waiting: 0..0,
            frames: Frames::default(),
        }
    }

    /// Until there is no more, or the other side takes nothing for as long as `stuck`.
    async fn carry(&mut self, stuck: Duration) -> io::Result<()> {
        loop {
            while !self.waiting.is_empty() {
                timeout(stuck, self.write(self.waiting.len())).await??;
            }
            timeout(stuck, self.to.flush()).await??;
            self.read().await?;
        }
    }

    /// The rest of the frame that has begun, this Close, and an end in good order.
    async fn end(&mut self, close: &[u8]) -> io::Result<()> {
        while !self.frames.is_between() {
            if self.waiting.is_empty() {
                self.read().await?;
            }
            let rest = self.frames.of_this_frame(&self.buffer[self.waiting.clone()]);
            self.write(rest).await?;
        }
        if !self.frames.is_closed() {
            self.to.write_all(close).await?;
        }
        self.to.shutdown().await?;
        // A connection that is closed with unread bytes is reset, and sent bytes may be lost on the way.
        loop {
            self.read().await?;
        }
    }

    /// Fails if there is no more.
    async fn read(&mut self) -> io::Result<()> {
        match self.from.read(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.waiting = 0..count;
                Ok(())
            }
        }
    }

    /// Writes a part of the waiting bytes, at most so many.
    async fn write(&mut self, most: usize) -> io::Result<()> {
        let start = self.waiting.start;
        match self.to.write(&self.buffer[start..start + most]).await? {
            0 => Err(io::ErrorKind::WriteZero.into()),
            count => {
                self.waiting.start += count;
                self.frames.pass(&self.buffer[start..start + count]);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
