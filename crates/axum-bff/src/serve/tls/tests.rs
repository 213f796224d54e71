use super::*;
use rcgen::{CertificateParams, KeyPair};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep};

const BOUND: Duration = Duration::from_secs(10);

fn tls(handshakes: usize) -> Tls {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key] = ["tls.pem", "tls.key"].map(|name| folder.path().join(name));
    let pair = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(["localhost".to_owned()]).expect("a host");
    std::fs::write(&certificate, params.self_signed(&pair).expect("signed").pem()).expect("written");
    std::fs::write(&key, pair.serialize_pem()).expect("written");
    let certificate = ServerCertificate::read(&certificate, &key).expect("a certificate");
    Tls::with_at_most(certificate, handshakes).expect("TLS")
}

/// A connection on which nobody says anything: their end and ours.
fn silent() -> (UnixStream, Stream) {
    let (theirs, ours) = UnixStream::pair().expect("a pair");
    (theirs, Stream::Unix(ours))
}

#[tokio::test(start_paused = true)]
async fn a_handshake_without_an_end_is_cut_after_its_bound() {
    let (tls, open) = (tls(8), OpenConnections::new(1));
    let place = open.place().await;
    let (_theirs, ours) = silent();
    let begun = Instant::now();
    assert!(tls.handshake(ours, &place.visitor(), BOUND).await.is_none());
    assert_eq!(begun.elapsed().as_secs(), BOUND.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_connection_in_its_handshake_gives_its_place_to_another() {
    let (tls, open) = (tls(8), OpenConnections::new(1));
    let place = open.place().await;
    let (_theirs, ours) = silent();
    let begun = Instant::now();
    let shaking = async move { tls.handshake(ours, &place.visitor(), BOUND).await.is_none() };
    let (is_cut, _next) = tokio::join!(
        async {
            let is_cut = shaking.await;
            assert!(begun.elapsed() < BOUND);
            is_cut
        },
        open.place()
    );
    assert!(is_cut);
}

#[tokio::test(start_paused = true)]
async fn more_handshakes_than_their_bound_end_the_oldest_one() {
    let (tls, open) = (tls(2), OpenConnections::new(8));
    let begun = Instant::now();
    let mut shaking = Vec::new();
    let mut peers = Vec::new();
    for _ in 0..3 {
        let (theirs, ours) = silent();
        let (tls, place) = (tls.clone(), open.place().await);
        shaking.push(tokio::spawn(async move {
            tls.handshake(ours, &place.visitor(), BOUND).await;
            begun.elapsed()
        }));
        peers.push(theirs);
        sleep(Duration::from_millis(20)).await;
    }
    let mut ended = Vec::new();
    for task in shaking {
        ended.push(task.await.expect("it ends"));
    }
    assert!(ended[0] < BOUND, "{ended:?}");
    assert!(ended[1] >= BOUND && ended[2] >= BOUND, "{ended:?}");
}
