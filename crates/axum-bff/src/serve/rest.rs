//! The body of a request, and the end of its unread part.
//!
//! A request is often refused before its body is over: it is too large, comes from elsewhere, or belongs to nobody. Were the
//! connection closed at once, the system would reset it for the bytes that are on their way, and the reset overtakes the
//! answer: the browser shows an error of the network, and a proxy in front of us answers 502 of its own. So the rest is
//! read and dropped, within bounds, while the answer is on its way.

use super::open_connections::UnderWay;
use axum::body::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::{HeaderMap, header};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// As many bytes of a rest are read.
const BYTES: usize = 64 * 1024 * 1024;
/// So long the rest is read.
const TIME: Duration = Duration::from_secs(10);

/// The body of a request.
pub(super) struct RequestBody {
    body: Option<Incoming>,
    /// The sender waits for a word before it sends anything (`Expect: 100-continue`), and has none as long as nobody reads.
    awaits_word: bool,
    under_way: Arc<UnderWay>,
}

impl RequestBody {
    pub(super) fn new(body: Incoming, headers: &HeaderMap, under_way: Arc<UnderWay>) -> Self {
        Self {
            body: Some(body),
            awaits_word: headers.contains_key(header::EXPECT),
            under_way,
        }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.awaits_word = false;
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        let rest = self.body.take().filter(|body| !body.is_end_stream());
        // Without a runtime the connection is gone too.
        if let (Some(rest), false, Ok(runtime)) = (rest, self.awaits_word, Handle::try_current()) {
            let under_way = self.under_way.clone();
            runtime.spawn(async move {
                read_and_drop(rest).await;
                drop(under_way);
            });
        }
    }
}

/// Reads to the end, or to one of the bounds.
async fn read_and_drop<B: HttpBody<Data = Bytes> + Unpin>(mut body: B) {
    let reading = async {
        let mut left = BYTES;
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    if timeout(TIME, reading).await.is_err() {
        tracing::debug!(code = "rest_cut", "the rest of a request's body did not come in time");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures::stream;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::{Instant, sleep};

    const CHUNK: usize = 1024 * 1024;

    /// A body without an end. It yields one chunk each time that `every` has passed, and counts its bytes in `sent`.
    fn endless(every: Duration, sent: &Arc<AtomicUsize>) -> Body {
        let sent = sent.clone();
        Body::from_stream(stream::unfold((), move |()| {
            let sent = sent.clone();
            async move {
                sleep(every).await;
                sent.fetch_add(CHUNK, Ordering::Relaxed);
                Some((Ok::<_, hyper::Error>(Bytes::from(vec![0; CHUNK])), ()))
            }
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_rest_without_an_end_is_read_to_a_bound_in_bytes_and_in_time() {
        let fast = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        read_and_drop(endless(Duration::from_millis(1), &fast)).await;
        assert_eq!(fast.load(Ordering::Relaxed), BYTES + CHUNK);
        assert!(begun.elapsed() < TIME);

        let slow = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        read_and_drop(endless(Duration::from_millis(1500), &slow)).await;
        assert_eq!(begun.elapsed().as_secs(), TIME.as_secs());
        assert!(slow.load(Ordering::Relaxed) < BYTES);
    }
}
