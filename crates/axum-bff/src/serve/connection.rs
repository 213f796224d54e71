//! One accepted connection, with bounds in time on both of its directions.
//!
//! The bounds stand in the stream itself, because everything that is read and written goes through it: a WebSocket's bytes
//! after the handshake too.

use super::open_connections::{Place, Visitor};
use crate::idle::Idle;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A stream that holds its place among the open connections.
#[derive(Debug)]
pub(super) struct Connection<S> {
    stream: S,
    place: Place,
    /// How long a head may take from its first byte.
    head_timeout: Duration,
    head: Option<Pin<Box<Sleep>>>,
    /// The longest time without progress of a write.
    unread: Idle,
}

impl<S> Connection<S> {
    /// `head` bounds the time from a head's first byte to its last, `write` the time in which the peer reads
    /// nothing.
    pub(super) fn new(stream: S, place: Place, head: Duration, write: Duration) -> Self {
        Self {
            stream,
            place,
            head_timeout: head,
            head: None,
            unread: Idle::new(write),
        }
    }

    pub(super) fn visitor(&self) -> Visitor {
        self.place.visitor()
    }

    fn head_begins(&mut self) {
        let deadline = Instant::now() + self.head_timeout;
        match &mut self.head {
            Some(head) => head.as_mut().reset(deadline),
            None => self.head = Some(Box::pin(sleep(self.head_timeout))),
        }
    }

    /// The result of a write; an error if nothing has moved for too long.
    fn written<T>(&mut self, context: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.unread.moved();
            return result;
        }
        self.unread.poll_waiting(context).map(|()| {
            tracing::debug!(
                code = "write_timeout",
                "a connection was cut: its other end reads nothing"
            );
            Err(io::ErrorKind::TimedOut.into())
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        if Pin::new(&mut this.stream).poll_read(context, buffer)?.is_ready() {
            if this.place.read(buffer.filled().len() - before) {
                this.head_begins();
            }
            return Poll::Ready(Ok(()));
        }
        match &mut this.head {
            Some(head) if this.place.is_reading_head() => head.as_mut().poll(context).map(|()| {
                tracing::debug!(
                    code = "head_timeout",
                    "a connection was cut: the head of its request took too long"
                );
                Err(io::ErrorKind::TimedOut.into())
            }),
            _ => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(context);
        // A flush of nothing is no sign that the other end reads.
        if result.is_ready() {
            result
        } else {
            self.written(context, result)
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(context);
        self.written(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::super::open_connections::OpenConnections;
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const HEAD: Duration = Duration::from_secs(10);
    const WRITE: Duration = Duration::from_secs(30);

    async fn connected() -> (DuplexStream, Connection<DuplexStream>, OpenConnections) {
        let (theirs, ours) = duplex(64);
        let open = OpenConnections::new(1);
        let place = open.place().await;
        (theirs, Connection::new(ours, place, HEAD, WRITE), open)
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_stops_is_cut_and_one_that_goes_on_is_not() {
        let (mut theirs, mut connection, _open) = connected().await;
        connection
            .write_all(&[0; 64])
            .await
            .expect("the bytes fit into the buffer");
        for _ in 0..3 {
            let (read, written) = tokio::join!(
                async {
                    tokio::time::sleep(WRITE.saturating_sub(Duration::from_secs(1))).await;
                    theirs.read_exact(&mut [0; 8]).await
                },
                connection.write_all(&[0; 8])
            );
            assert!(read.is_ok() && written.is_ok(), "a slow reader is not cut");
        }
        let begun = Instant::now();
        let error = connection.write_all(&[0; 8]).await.expect_err("nobody reads");
        assert_eq!((error.kind(), begun.elapsed().as_secs()), (io::ErrorKind::TimedOut, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_with_nothing_to_write_is_not_stuck() {
        let (mut theirs, mut connection, _open) = connected().await;
        for _ in 0..3 {
            tokio::time::advance(WRITE * 10).await;
            connection.write_all(b"event").await.expect("open");
            connection.flush().await.expect("open");
            theirs.read_exact(&mut [0; 5]).await.expect("open");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_dribbles_is_cut_and_a_body_is_not() {
        let (mut theirs, mut connection, _open) = connected().await;
        let visitor = connection.visitor();
        let begun = Instant::now();
        let dribble = tokio::spawn(async move {
            while theirs.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
        let error = loop {
            if let Err(error) = connection.read(&mut [0; 8]).await {
                break error;
            }
        };
        assert_eq!((error.kind(), begun.elapsed().as_secs()), (io::ErrorKind::TimedOut, 10));
        let _request = visitor.begin();
        while begun.elapsed() < HEAD * 10 {
            let read = connection.read(&mut [0; 8]).await;
            assert!(read.is_ok_and(|read| read > 0), "a body has its own bounds");
        }
        drop(connection);
        dribble.await.expect("ends");
    }
}
