//! Requests over many connections, each connection one after the other.

use super::connection::Connection;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What is sent again and again.
#[derive(Clone)]
pub(crate) enum Request {
    /// The same request, with a place for the session's id.
    Same {
        before: String,
        after: String,
        ids: Arc<Vec<String>>,
    },
    /// Requests that work once, one after the other.
    Each(Arc<Vec<Vec<u8>>>),
}

impl Request {
    /// `GET` with these headers; `cookie` is the name of the session's cookie and the ids to take in turn.
    pub(crate) fn new(path: &str, headers: &[(&str, &str)], cookie: Option<(&str, Arc<Vec<String>>)>) -> Self {
        use std::fmt::Write as _;
        let mut before = format!("GET {path} HTTP/1.1\r\nhost: app.example.com\r\n");
        for (name, value) in headers {
            let _ = write!(before, "{name}: {value}\r\n");
        }
        let Some((name, ids)) = cookie else {
            return Self::Same {
                before,
                after: "\r\n".to_owned(),
                ids: Arc::new(vec![String::new()]),
            };
        };
        let _ = write!(before, "cookie: {name}=");
        Self::Same {
            before,
            after: "\r\n\r\n".to_owned(),
            ids,
        }
    }

    /// The request of this number: with an id that is not the neighbour of the one before, where there are ids.
    pub(crate) fn write(&self, number: usize, into: &mut Vec<u8>) {
        into.clear();
        match self {
            Self::Same { before, after, ids } => {
                let id = &ids[number.wrapping_mul(2_654_435_761) % ids.len()];
                into.extend([before.as_bytes(), id.as_bytes(), after.as_bytes()].concat());
            }
            Self::Each(requests) => into.extend(&requests[number % requests.len()]),
        }
    }
}

/// Which requests, and over how many connections.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// The number of the first: it and its successors say which session's turn it is.
    pub(crate) first: usize,
    pub(crate) count: usize,
    pub(crate) connections: usize,
}

/// How it went: requests per second of each round, and how long each request took.
#[derive(Default)]
pub(crate) struct Sample {
    pub(crate) rates: Vec<f64>,
    pub(crate) latencies: Vec<Duration>,
}

impl Sample {
    pub(crate) fn requests(&self) -> usize {
        self.latencies.len()
    }

    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).copied().unwrap_or_default()
    }
}

/// Sends the requests and adds how it went to the sample. Every answer has to have this status.
pub(crate) async fn run(address: SocketAddr, request: &Request, load: Load, status: u16, sample: &mut Sample) {
    let (next, end) = (Arc::new(AtomicUsize::new(load.first)), load.first + load.count);
    let mut open = Vec::new();
    for _ in 0..load.connections {
        open.push(Connection::open(address).await);
    }
    let begun = Instant::now();
    let tasks = open.into_iter().map(|mut connection| {
        let (next, request) = (next.clone(), request.clone());
        tokio::spawn(async move {
            let mut latencies = Vec::with_capacity(load.count / load.connections * 2);
            let mut bytes = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return latencies;
                }
                request.write(number, &mut bytes);
                let sent = Instant::now();
                let answer = connection.send(&bytes).await.expect("an answer");
                latencies.push(sent.elapsed());
                assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(answer.body));
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        sample.latencies.extend(task.await.expect("answers"));
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    sample.rates.push(load.count as f64 / begun.elapsed().as_secs_f64());
}
