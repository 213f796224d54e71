use super::*;
use crate::concurrency::{Person, PersonLimit};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const ROOM: usize = 64 * 1024;
const STUCK: Duration = Duration::from_secs(30);
/// A text frame and a Close frame that a server sends (RFC 6455 §5.2: without a mask).
const HELLO: &[u8] = b"\x81\x05hello";
const THEIR_CLOSE: &[u8] = b"\x88\x02\x03\xe8";

struct Running {
    browser: DuplexStream,
    api: DuplexStream,
    session: Option<oneshot::Sender<()>>,
    server: watch::Sender<bool>,
    limit: PersonLimit,
    task: JoinHandle<()>,
}

fn running() -> Running {
    let ((browser, near), (far, api)) = (duplex(ROOM), duplex(ROOM));
    let (session, ended) = oneshot::channel::<()>();
    let (server, going_away) = watch::channel(false);
    let limit = PersonLimit::new(1, 1);
    let bounds = Bounds {
        session: Box::pin(async move {
            let _ = ended.await;
        }),
        going_away,
        stuck: STUCK,
        permit: limit.acquire(Person::SOMEBODY).expect("room"),
    };
    Running {
        browser,
        api,
        session: Some(session),
        server,
        limit,
        task: tokio::spawn(tunnel(near, far, bounds)),
    }
}

async fn arrives(stream: &mut DuplexStream, expected: &[u8]) {
    let mut read = vec![0; expected.len()];
    stream.read_exact(&mut read).await.expect("open");
    assert_eq!(read, expected);
}

/// All bytes until the stream ends.
async fn rest(stream: &mut DuplexStream) -> Vec<u8> {
    let mut read = Vec::new();
    stream.read_to_end(&mut read).await.expect("closed");
    read
}

fn unmasked(frame: &[u8]) -> Vec<u8> {
    assert_eq!(frame[1] & 0x80, 0x80, "{frame:?}");
    let mask = frame[2..6].iter().cycle();
    let payload = frame[6..].iter().zip(mask).map(|(byte, key)| byte ^ key);
    [frame[0], frame[1] & 0x7f].into_iter().chain(payload).collect()
}

#[tokio::test]
async fn both_sides_are_told_why_and_the_room_is_free() {
    for (close, by_session) in [(Close::SessionEnded, true), (Close::GoingAway, false)] {
        let mut running = running();
        running.browser.write_all(HELLO).await.expect("open");
        arrives(&mut running.api, HELLO).await;
        running.api.write_all(HELLO).await.expect("open");
        arrives(&mut running.browser, HELLO).await;
        assert!(running.limit.acquire(Person::SOMEBODY).is_err());
        if by_session {
            drop(running.session.take());
        } else {
            running.server.send_replace(true);
        }
        assert_eq!(rest(&mut running.browser).await, close.frame(None));
        assert_eq!(unmasked(&rest(&mut running.api).await), close.frame(None));
        drop((running.browser, running.api));
        running.task.await.expect("ends");
        assert!(running.limit.acquire(Person::SOMEBODY).is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn a_frame_on_its_way_arrives_whole_and_nothing_after_it() {
    for cut in [1, 2, 4] {
        let mut running = running();
        running.api.write_all(&HELLO[..cut]).await.expect("open");
        arrives(&mut running.browser, &HELLO[..cut]).await;
        drop(running.session.take());
        // When the API has got the Close, the tunnel has begun to end, although no Close has gone to the browser yet.
        unmasked(&{
            let mut frame = vec![0; 6 + 15];
            running.api.read_exact(&mut frame).await.expect("open");
            frame
        });
        let late = [&HELLO[cut..], HELLO].concat();
        running.api.write_all(&late).await.expect("open");
        let expected = [&HELLO[cut..], &Close::SessionEnded.frame(None)].concat();
        assert_eq!(rest(&mut running.browser).await, expected, "{cut}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_does_not_end_is_cut_within_the_bound() {
    let mut running = running();
    running.api.write_all(&HELLO[..4]).await.expect("open");
    arrives(&mut running.browser, &HELLO[..4]).await;
    let begun = tokio::time::Instant::now();
    drop(running.session.take());
    assert_eq!(rest(&mut running.browser).await, b"", "no frame is sent inside another");
    assert_eq!(begun.elapsed().as_millis(), GOODBYE.as_millis());
    running.task.await.expect("ends");
}

#[tokio::test(start_paused = true)]
async fn a_side_that_reads_nothing_is_cut_within_the_bound() {
    let mut running = running();
    let large = [&[0x82, 127, 0, 0, 0, 0, 0, 8, 0, 0][..], &vec![0; 8 * ROOM]].concat();
    let (mut read, mut write) = split(running.api);
    let writing = tokio::spawn(async move {
        let _ = write.write_all(&large).await;
    });
    arrives(&mut running.browser, &[0x82, 127]).await;
    let begun = tokio::time::Instant::now();
    drop(running.session.take());
    let mut close = Vec::new();
    read.read_to_end(&mut close).await.expect("closed");
    assert_eq!(
        unmasked(&close),
        Close::SessionEnded.frame(None),
        "the other side gets a Close"
    );
    running.task.await.expect("ends");
    assert_eq!(begun.elapsed().as_millis(), GOODBYE.as_millis());
    writing.await.expect("ends");
}

#[tokio::test(start_paused = true)]
async fn a_side_that_takes_nothing_is_cut_although_the_session_goes_on() {
    for browser_sends in [true, false] {
        let running = running();
        let begun = tokio::time::Instant::now();
        let (mut sends, _stuck) = if browser_sends {
            (running.browser, running.api)
        } else {
            (running.api, running.browser)
        };
        assert!(sends.write_all(&vec![0; 8 * ROOM]).await.is_err());
        running.task.await.expect("ends");
        assert_eq!(begun.elapsed().as_millis(), STUCK.as_millis());
        assert!(running.limit.acquire(Person::SOMEBODY).is_ok());
    }
}

#[tokio::test]
async fn a_side_that_has_closed_already_closes_once() {
    let mut running = running();
    running.api.write_all(THEIR_CLOSE).await.expect("open");
    arrives(&mut running.browser, THEIR_CLOSE).await;
    drop(running.session.take());
    assert_eq!(rest(&mut running.browser).await, b"");
}

#[tokio::test]
async fn a_tunnel_ends_when_either_side_goes_away() {
    for browser_goes in [true, false] {
        let running = running();
        let mut stays = if browser_goes {
            drop(running.browser);
            running.api
        } else {
            drop(running.api);
            running.browser
        };
        let ended = tokio::time::timeout(Duration::from_secs(5), running.task).await;
        ended.expect("in time").expect("ends");
        assert_eq!(rest(&mut stays).await, b"");
    }
}

#[tokio::test]
async fn every_byte_arrives_also_at_a_side_that_reads_few_at_a_time() {
    let ((mut browser, near), (far, mut api)) = (duplex(3), duplex(100_000));
    let (_server, going_away) = watch::channel(false);
    let bounds = Bounds {
        session: Box::pin(std::future::pending()),
        going_away,
        stuck: STUCK,
        permit: PersonLimit::new(1, 1).acquire(Person::SOMEBODY).expect("room"),
    };
    tokio::spawn(tunnel(near, far, bounds));
    let sent: Vec<u8> = (0..=255).cycle().take(50_000).collect();
    api.write_all(&sent).await.expect("open");
    drop(api);
    assert_eq!(rest(&mut browser).await, sent);
}
