//! Records on their way to a collector.

use super::*;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use secrecy::SecretString;
use std::sync::{Mutex, MutexGuard, PoisonError};
use url::Url;

/// What a collector got, and how it answers.
#[derive(Default)]
struct Desk {
    /// The bodies that it took.
    taken: Vec<String>,
    headers: Vec<HeaderMap>,
    /// The answers to the next calls. After them each call is taken.
    answers: Vec<StatusCode>,
    /// A call with this text in it is refused for good.
    refuses: Option<&'static str>,
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<Desk>>);

impl Fake {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The settings of an audit that this collector gets.
    async fn start(&self) -> AuditSettings {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/audit", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let url = Url::parse(&format!("http://{address}/audit")).expect("an address");
        AuditSettings {
            token: Some(SecretString::from("a token of tests")),
            ..settings(AuditTarget::Collector(url))
        }
    }

    async fn audit(&self) -> (Audit, ManualClock) {
        let (time, clock) = clock();
        let audit = Audit::start(self.start().await, &keys(), &clock);
        (audit.expect("it begins").expect("an audit"), time)
    }

    fn taken(&self) -> Vec<Value> {
        records(&self.desk().taken.concat())
    }
}

async fn take(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let body = String::from_utf8(body.to_vec()).expect("text");
    let mut desk = fake.desk();
    desk.headers.push(headers);
    if !desk.answers.is_empty() {
        return desk.answers.remove(0);
    }
    if desk.refuses.is_some_and(|text| body.contains(text)) {
        return StatusCode::BAD_REQUEST;
    }
    desk.taken.push(body);
    StatusCode::NO_CONTENT
}

#[tokio::test]
async fn a_collector_gets_batches_of_lines_with_its_token() {
    let fake = Fake::default();
    let (audit, _) = fake.audit().await;
    for name in ["alice", "bob", "carol"] {
        audit.tell(event(EventKind::SignedIn, name));
    }
    audit.written().await;
    assert_eq!(subjects(&fake.taken()), ["alice", "bob", "carol"]);
    let desk = fake.desk();
    assert_eq!(desk.taken.len(), 1, "one batch");
    assert_eq!(desk.headers[0]["content-type"], "application/x-ndjson");
    assert_eq!(desk.headers[0]["authorization"], "Bearer a token of tests");
}

#[tokio::test]
async fn a_collector_that_fails_gets_the_same_records_again_in_their_order() {
    let fake = Fake::default();
    fake.desk().answers = vec![StatusCode::INTERNAL_SERVER_ERROR, StatusCode::TOO_MANY_REQUESTS];
    let (audit, clock) = fake.audit().await;
    audit.first_written().await.expect("no start waits for a collector");
    audit.tell(event(EventKind::SignedIn, "alice"));
    let waits = tokio::time::timeout(Duration::from_millis(300), audit.written()).await;
    assert!(waits.is_err(), "the record waits");
    audit.tell(event(EventKind::SignedIn, "bob"));
    while_time_passes(&clock, audit.written()).await;
    assert_eq!(subjects(&fake.taken()), ["alice", "bob"]);
}

#[tokio::test]
async fn a_record_that_the_collector_refuses_is_lost_alone_and_told() {
    let fake = Fake::default();
    fake.desk().refuses = Some("mallory");
    let (audit, _) = fake.audit().await;
    for name in ["alice", "bob", "mallory", "carol"] {
        audit.tell(event(EventKind::SignedIn, name));
    }
    audit.written().await;
    audit.tell(event(EventKind::SignedIn, "dave"));
    audit.written().await;
    let taken = fake.taken();
    assert_eq!(subjects(&taken), ["alice", "bob", "carol", "", "dave"]);
    assert_eq!((&taken[3]["kind"], &taken[3]["lost"]), (&json!("lost"), &json!(1)));
}

/// The clock stands still: only the end makes the pauses short.
#[tokio::test]
async fn everything_that_waits_is_written_at_the_end() {
    let fake = Fake::default();
    fake.desk().answers = vec![StatusCode::BAD_GATEWAY; 3];
    let (audit, _) = fake.audit().await;
    audit.tell(event(EventKind::SignedIn, "alice"));
    let waits = tokio::time::timeout(Duration::from_millis(300), audit.written()).await;
    assert!(waits.is_err(), "the record waits for the clock");
    audit.end().await;
    assert_eq!(subjects(&fake.taken()), ["alice"]);
}

#[tokio::test]
async fn a_collector_that_is_away_bounds_the_memory_and_counts_the_loss() {
    let fake = Fake::default();
    fake.desk().answers = vec![StatusCode::SERVICE_UNAVAILABLE; 2];
    let (audit, clock) = fake.audit().await;
    audit.tell(event(EventKind::SignedIn, "alice"));
    let waits = tokio::time::timeout(Duration::from_millis(300), audit.written()).await;
    assert!(waits.is_err());
    for _ in 0..WAITING + 5 {
        audit.tell(event(EventKind::SignedIn, "bob"));
    }
    while_time_passes(&clock, audit.written()).await;
    let taken = fake.taken();
    let lost: Vec<_> = taken.iter().filter(|record| record["kind"] == "lost").collect();
    assert_eq!((lost.len(), &lost[0]["lost"]), (1, &json!(5)));
    assert_eq!(taken.len(), 1 + 1 + WAITING);
}
