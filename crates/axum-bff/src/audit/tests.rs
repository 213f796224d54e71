use super::*;
use crate::config::AuditSubject;
use crate::events::{AdministrativeAct, EventKind, Person};
use bff_clock::ManualClock;
use bff_contract::session::EndReason;
use serde_json::{Value, json};
use std::path::Path;
use time::OffsetDateTime;

mod collector;
mod files;

fn person(subject: &str) -> Person {
    Person {
        issuer: "https://provider.example.com".to_owned(),
        subject: subject.to_owned(),
    }
}

/// An event of a person with a session.
fn event(kind: EventKind, subject: &str) -> Event {
    Event {
        at: OffsetDateTime::UNIX_EPOCH,
        kind,
        person: Some(person(subject)),
        session: Some("a session".to_owned()),
        signed_in_from: None,
        acr: None,
        cause: None,
    }
}

fn of_a_stranger() -> Event {
    let code = "login_unknown".to_owned();
    Event {
        person: None,
        session: None,
        ..event(EventKind::SignInRefused { code }, "")
    }
}

fn keys() -> Arc<KeyRing> {
    Arc::new(KeyRing::parse(&KeyRing::new_key()).expect("a key"))
}

fn settings(target: AuditTarget) -> AuditSettings {
    AuditSettings {
        target,
        subject: AuditSubject::Plain,
        token: None,
    }
}

fn clock() -> (ManualClock, Arc<dyn Clock>) {
    let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
    (clock.clone(), Arc::new(clock))
}

/// An audit of these settings whose clock stands still, and the clock.
fn audit(target: AuditTarget) -> (Audit, ManualClock) {
    let (time, clock) = clock();
    let audit = Audit::start(settings(target), &keys(), &clock);
    (audit.expect("it begins").expect("the settings want one"), time)
}

fn records(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line is a record"))
        .collect()
}

fn records_of(path: &Path) -> Vec<Value> {
    records(&std::fs::read_to_string(path).expect("the file"))
}

fn subjects(records: &[Value]) -> Vec<&str> {
    let subjects = records.iter().map(|record| record["who"]["subject"].as_str());
    subjects.map(Option::unwrap_or_default).collect()
}

/// The result of `step`. The clock moves on by a minute each time that the step has to wait.
async fn while_time_passes<T>(clock: &ManualClock, step: impl Future<Output = T>) -> T {
    tokio::pin!(step);
    loop {
        match tokio::time::timeout(Duration::from_millis(100), &mut step).await {
            Ok(outcome) => return outcome,
            Err(_) => clock.advance(Duration::from_mins(1)),
        }
    }
}

/// One of each kind. A new kind does not compile until it is here.
fn one_of_each_kind() -> Vec<EventKind> {
    let text = || "x".to_owned();
    let all = vec![
        EventKind::SignedIn,
        EventKind::SteppedUp,
        EventKind::SignInRefused { code: text() },
        EventKind::Ended {
            reason: EndReason::Limit,
        },
        EventKind::Refreshed,
        EventKind::ClaimsChanged,
        EventKind::AccessRefused {
            line: text(),
            rule: text(),
            code: text(),
        },
        EventKind::Administered {
            act: AdministrativeAct::Ended,
        },
        EventKind::Started {
            settings: vec![text()],
            digest: "0".repeat(32),
        },
        EventKind::Lost { count: 1 },
    ];
    for kind in &all {
        match kind {
            EventKind::SignedIn
            | EventKind::SteppedUp
            | EventKind::SignInRefused { .. }
            | EventKind::Ended { .. }
            | EventKind::Refreshed
            | EventKind::ClaimsChanged
            | EventKind::AccessRefused { .. }
            | EventKind::Administered { .. }
            | EventKind::Started { .. }
            | EventKind::Lost { .. } => {}
        }
    }
    all
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/audit.schema.json")).expect("JSON")
}

#[test]
fn the_schema_lists_every_kind_of_event_and_accepts_its_record() {
    let schema = schema();
    let kinds = one_of_each_kind();
    let words: Vec<&str> = kinds.iter().map(EventKind::word).collect();
    assert_eq!(schema["properties"]["kind"]["enum"], json!(words));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for subject in [AuditSubject::Plain, AuditSubject::Pseudonym] {
        let author = Author::new(subject, keys());
        for kind in &kinds {
            let line = author.line(&event(kind.clone(), "a person"));
            let record: Value = serde_json::from_str(&line).expect("JSON");
            let wrong: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{line} {wrong:?}");
        }
    }
}

#[test]
fn a_record_is_one_line_and_bounded_whatever_is_in_it() {
    let hostile = "a\nb\u{2028}\u{0}\"".repeat(1000);
    let mut event = event(EventKind::SignInRefused { code: hostile.clone() }, &hostile);
    event.acr = Some(hostile);
    let line = Author::new(AuditSubject::Plain, keys()).line(&event);
    assert_eq!(line.matches('\n').count(), 1);
    assert!(line.ends_with('\n') && line.len() < 10_000, "{}", line.len());
}

#[test]
fn a_pseudonym_is_the_same_on_each_replica_and_another_with_another_key() {
    let (first, second) = (KeyRing::new_key(), KeyRing::new_key());
    let ring = |text: &str| KeyRing::parse(text).expect("a key ring");
    let alice = pseudonym(&ring(&first), &person("alice"));
    assert_eq!(alice, pseudonym(&ring(&first), &person("alice")), "another replica");
    let both = format!("{},{}", *first, *second);
    assert_eq!(
        alice,
        pseudonym(&ring(&both), &person("alice")),
        "a key behind the first"
    );
    assert_ne!(alice, pseudonym(&ring(&second), &person("alice")), "another key");
    assert_ne!(alice, pseudonym(&ring(&first), &person("bob")), "another person");
    let elsewhere = Person {
        issuer: "https://other.example.com".to_owned(),
        ..person("alice")
    };
    assert_ne!(alice, pseudonym(&ring(&first), &elsewhere), "another issuer");
}

#[test]
fn a_record_with_a_pseudonym_names_neither_issuer_nor_subject() {
    let line = Author::new(AuditSubject::Pseudonym, keys()).line(&event(EventKind::SignedIn, "alice-7"));
    assert!(
        !line.contains("alice-7") && !line.contains("provider.example.com"),
        "{line}"
    );
    assert!(line.contains("\"pseudonym\""), "{line}");
}

#[tokio::test]
async fn records_beyond_the_bound_are_lost_and_the_next_one_says_how_many() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    let (audit, _) = audit(AuditTarget::File(path.clone()));
    // The writer runs when this test waits, and not before.
    for _ in 0..WAITING + 7 {
        audit.tell(event(EventKind::SignedIn, "alice"));
    }
    audit.written().await;
    let written = records_of(&path);
    assert_eq!(written.len(), 1 + WAITING);
    assert_eq!((&written[0]["kind"], &written[0]["lost"]), (&json!("lost"), &json!(7)));
    audit.tell(event(EventKind::SteppedUp, "alice"));
    audit.written().await;
    assert_eq!(records_of(&path).len(), 1 + WAITING + 1, "a loss is told once");
}

#[tokio::test]
async fn neither_strangers_nor_refused_people_push_out_the_records_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    let (audit, _) = audit(AuditTarget::File(path.clone()));
    let refused = EventKind::AccessRefused {
        line: "/staff".to_owned(),
        rule: "role staff".to_owned(),
        code: "forbidden".to_owned(),
    };
    for _ in 0..2 * WAITING {
        audit.tell(of_a_stranger());
    }
    let by_strangers = WAITING - audit.waiting.capacity();
    assert!(by_strangers < 1000, "strangers have a rate: {by_strangers}");
    for _ in 0..2 * WAITING {
        audit.tell(event(refused.clone(), "mallory"));
    }
    assert_eq!(audit.waiting.capacity(), WAITING / 2, "refusals take one half at most");
    audit.tell(event(EventKind::SignedIn, "alice"));
    audit.written().await;
    assert_eq!(subjects(&records_of(&path)).last(), Some(&"alice"));
}
