use super::*;
use crate::concurrency::{Person, PersonLimit};
use futures::FutureExt;
use http_body_util::BodyExt;
use tokio::sync::{mpsc, oneshot};

/// A body whose frames come from the test.
struct Fed(mpsc::Receiver<Result<Frame<Bytes>, ()>>);

impl HttpBody for Fed {
    type Data = Bytes;
    type Error = ();

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, ()>>> {
        self.0.poll_recv(context)
    }
}

struct Feeding {
    feed: mpsc::Sender<Result<Frame<Bytes>, ()>>,
    end: Option<oneshot::Sender<()>>,
    limit: PersonLimit,
    body: RelayedBody<Fed>,
}

fn feeding(idle: Option<Duration>) -> Feeding {
    let (feed, waiting) = mpsc::channel(8);
    let (end, over) = oneshot::channel();
    let limit = PersonLimit::new(1, 1);
    let bounds = Bounds {
        idle,
        session: Box::pin(async move {
            let _ = over.await;
        }),
        server: None,
        permit: limit.acquire(Person::SOMEBODY).expect("room"),
    };
    Feeding {
        feed,
        end: Some(end),
        limit,
        body: RelayedBody::new(Fed(waiting), bounds),
    }
}

impl Feeding {
    async fn feed(&self, text: &'static str) {
        let frame = Frame::data(Bytes::from_static(text.as_bytes()));
        self.feed.send(Ok(frame)).await.expect("the body is read");
    }

    async fn next(&mut self) -> Option<Result<Bytes, Cut>> {
        let frame = tokio::time::timeout(Duration::from_hours(1), self.body.frame());
        let frame = frame.await.expect("in time")?;
        Some(frame.map(|frame| frame.into_data().expect("data")))
    }
}

#[tokio::test]
async fn the_end_of_the_session_takes_body_and_room_away_although_nobody_reads() {
    for is_waiting_for_the_api in [false, true] {
        let mut feeding = feeding(None);
        feeding.feed("a").await;
        assert_eq!(feeding.next().await, Some(Ok(Bytes::from_static(b"a"))));
        if is_waiting_for_the_api {
            assert!(feeding.body.frame().now_or_never().is_none());
        } else {
            feeding.feed("b").await;
        }
        drop(feeding.end.take());
        feeding.feed.closed().await;
        assert!(feeding.limit.acquire(Person::SOMEBODY).is_ok());
        assert!(
            !feeding.body.is_end_stream(),
            "the browser does not take a part for the whole body"
        );
        assert_eq!(
            feeding.next().await,
            Some(Err(Cut::SessionEnded)),
            "the frame that waits is not sent"
        );
        assert_eq!(feeding.next().await, None);
    }
}

#[tokio::test]
async fn a_reader_that_waits_for_the_api_is_told_of_the_end_of_the_session() {
    let mut feeding = feeding(None);
    let end = feeding.end.take();
    let (next, ()) = tokio::join!(feeding.next(), async move { drop(end) });
    assert_eq!(next, Some(Err(Cut::SessionEnded)));
}

#[tokio::test]
async fn an_answer_that_is_there_at_once_has_no_task() {
    let limit = PersonLimit::new(1, 1);
    let bounds = Bounds {
        idle: None,
        session: Box::pin(std::future::pending()),
        server: None,
        permit: limit.acquire(Person::SOMEBODY).expect("room"),
    };
    let mut body = RelayedBody::new(axum::body::Body::from("whole"), bounds);
    assert!(body.frame().await.is_some_and(|frame| frame.is_ok()));
    assert!(body.watcher.is_none() && body.is_end_stream());
}

/// PRX-09
#[tokio::test(start_paused = true)]
async fn a_body_that_stands_still_is_cut_and_one_that_moves_is_not() {
    let mut feeding = feeding(Some(Duration::from_secs(30)));
    for _ in 0..3 {
        tokio::time::advance(Duration::from_secs(29)).await;
        feeding.feed("a").await;
        assert!(matches!(feeding.next().await, Some(Ok(_))));
    }
    // The idle time counts only while somebody asks for more: a slow reader does not cut the body.
    tokio::time::advance(Duration::from_mins(5)).await;
    feeding.feed("a").await;
    assert!(matches!(feeding.next().await, Some(Ok(_))));
    assert_eq!(
        feeding.next().await,
        Some(Err(Cut::Idle)),
        "the paused clock advances by itself, because every task waits"
    );
}

#[tokio::test]
async fn a_cut_of_the_api_is_a_cut_for_the_browser_and_trailers_are_dropped() {
    let mut feeding = feeding(None);
    let trailers = Frame::trailers(axum::http::HeaderMap::new());
    feeding.feed.send(Ok(trailers)).await.expect("the body is read");
    feeding.feed.send(Err(())).await.expect("the body is read");
    assert_eq!(feeding.next().await, Some(Err(Cut::Upstream)));
}

#[tokio::test]
async fn the_room_is_held_until_the_body_is_gone() {
    let feeding = feeding(None);
    assert!(feeding.limit.acquire(Person::SOMEBODY).is_err());
    drop(feeding.body);
    assert!(feeding.limit.acquire(Person::SOMEBODY).is_ok());
}
