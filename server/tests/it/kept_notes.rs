//! How notes are stored: by person, sealed for their place, and through a rotation of keys.

use crate::world::World;
use bff_clock::ManualClock;
use bff_session::Identity;
use bff_session::key_ring::KeyRing;
use serde_json::json;
use server::notes::{MemoryNotes, NoteId, Notes, NotesError, WrittenNote};
use std::sync::Arc;
use time::OffsetDateTime;

const LIMIT: usize = 3;

struct Fixture {
    store: MemoryNotes,
    clock: ManualClock,
}

impl Fixture {
    fn new() -> Self {
        Self {
            store: MemoryNotes::default(),
            clock: ManualClock::new(OffsetDateTime::UNIX_EPOCH),
        }
    }

    fn with(&self, keys: &[&str]) -> Notes {
        let keys = Arc::new(KeyRing::parse(&keys.join(",")).expect("keys"));
        Notes::new(Arc::new(self.store.clone()), keys, Arc::new(self.clock.clone()))
    }
}

fn person(issuer: &str, subject: &str) -> Identity {
    Identity {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        provider_session: None,
    }
}

fn alice() -> Identity {
    person("https://op.example.com", "alice")
}

async fn add(notes: &Notes, text: &str) -> WrittenNote {
    let added = notes.add(&alice(), NoteId::random(), text.to_owned(), LIMIT).await;
    added.expect("added")
}

async fn texts(notes: &Notes) -> Vec<String> {
    let notes = notes.of(&alice()).await.expect("the store answers");
    notes.into_iter().map(|note| note.text).collect()
}

#[tokio::test]
async fn the_note_that_was_written_last_comes_first() {
    let fixture = Fixture::new();
    let notes = fixture.with(&[&KeyRing::new_key()]);
    let one = add(&notes, "one").await;
    fixture.clock.advance(std::time::Duration::from_secs(1));
    add(&notes, "two").await;
    assert_eq!(texts(&notes).await, ["two", "one"]);
    fixture.clock.advance(std::time::Duration::from_secs(1));
    let changed = notes
        .change(&alice(), one.id, "three".to_owned())
        .await
        .expect("changed");
    assert_eq!(changed.changed_at.unix_timestamp(), 2);
    assert_eq!(texts(&notes).await, ["three", "two"]);
}

#[tokio::test]
async fn a_person_is_issuer_and_subject() {
    let fixture = Fixture::new();
    let notes = fixture.with(&[&KeyRing::new_key()]);
    let note = add(&notes, "mine").await;
    for other in [
        person("https://op.example.com", "alic"),
        person("https://op.example.co", "malice"),
        person("https://other.example", "alice"),
    ] {
        assert!(notes.of(&other).await.expect("answers").is_empty());
        let changed = notes.change(&other, note.id, "yours".to_owned()).await;
        assert!(matches!(changed, Err(NotesError::NotFound)));
        assert!(matches!(notes.remove(&other, note.id).await, Err(NotesError::NotFound)));
        notes.erase(&other).await.expect("answers");
    }
    assert_eq!(texts(&notes).await, ["mine"]);
}

#[tokio::test]
async fn a_copied_altered_or_unsealed_note_is_left_out() {
    let world = World::start().await;
    let key_of = |known: &[String]| {
        let keys = world.redis.keys().into_iter();
        let mut new = keys.filter(|key| key.ends_with(":notes") && !known.contains(key));
        new.next().expect("a person's notes")
    };
    let mut alice = world.signed_in("alice").await;
    let added = alice.call("add_note", "text=mine").await.json();
    let id = added["done"]["id"].as_str().expect("an id").to_owned();
    let of_alice = key_of(&[]);
    let mut bob = world.signed_in("bob").await;
    bob.call("add_note", "text=his").await;
    let of_bob = key_of(std::slice::from_ref(&of_alice));

    assert!(
        world
            .redis
            .ask(&["COPY", &of_alice, &of_bob, "REPLACE"])
            .starts_with(":1")
    );
    let listed = bob.call("list_notes", "").await.json();
    assert_eq!(
        listed,
        json!({"done": []}),
        "a copy in another person's place is left out"
    );

    let other = NoteId::random().to_string();
    let copy = "return redis.call('HSET', KEYS[1], ARGV[2], redis.call('HGET', KEYS[1], ARGV[1]))";
    assert!(
        world
            .redis
            .ask(&["EVAL", copy, "1", &of_alice, &id, &other])
            .starts_with(":1")
    );
    let unsealed = NoteId::random().to_string();
    assert!(
        world
            .redis
            .ask(&["HSET", &of_alice, &unsealed, "garbage"])
            .starts_with(":1")
    );
    let listed = alice.call("list_notes", "").await.json();
    assert_eq!(listed, json!({"done": [added["done"]]}));

    let body = format!("id={other}&text=in its place");
    let written = alice.call("add_note", &body).await.json();
    assert_eq!(written["done"]["text"], "in its place");
    let listed = alice.call("list_notes", "").await.json();
    assert_eq!(listed["done"].as_array().map(Vec::len), Some(2), "{listed}");
}

#[tokio::test]
async fn a_note_outlives_a_rotation_once_its_person_has_looked() {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let fixture = Fixture::new();
    let before = fixture.with(&[&old]);
    let note = add(&before, "one").await;
    let (here, there) = (fixture.with(&[&old, &new]), fixture.with(&[&new, &old]));
    add(&here, "two").await;
    let again = there.add(&alice(), note.id, "one again".to_owned(), LIMIT).await;
    assert_eq!(
        again.expect("there").text,
        "one",
        "the note is found under the other key"
    );
    add(&there, "three").await;
    let full = there.add(&alice(), NoteId::random(), "four".to_owned(), LIMIT).await;
    assert!(
        matches!(full, Err(NotesError::TooMany)),
        "the notes under both keys count"
    );
    for notes in [&here, &there, &here, &there] {
        assert_eq!(texts(notes).await.len(), 3);
    }
    there
        .change(&alice(), note.id, "changed".to_owned())
        .await
        .expect("changed");
    assert_eq!(texts(&here).await.len(), 3);
    there
        .change(&alice(), note.id, "changed".to_owned())
        .await
        .expect("moved and changed");
    there.of(&alice()).await.expect("answers");
    let after = fixture.with(&[&new]);
    assert_eq!(texts(&after).await.len(), 3, "nothing is left under the old key");
    assert!(texts(&before).await.is_empty());
    after.erase(&alice()).await.expect("erased");
    assert!(texts(&there).await.is_empty());
}

#[tokio::test]
async fn a_removed_note_is_gone_under_every_key() {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let fixture = Fixture::new();
    let note = add(&fixture.with(&[&old]), "one").await;
    let notes = fixture.with(&[&new, &old]);
    notes.remove(&alice(), note.id).await.expect("removed");
    assert!(matches!(
        notes.remove(&alice(), note.id).await,
        Err(NotesError::NotFound)
    ));
    add(&fixture.with(&[&old]), "two").await;
    notes.erase(&alice()).await.expect("erased");
    assert!(texts(&notes).await.is_empty());
}

#[test]
fn an_id_is_32_hexadecimal_digits() {
    let id = NoteId::random();
    assert_eq!(NoteId::parse(&id.to_string()), Some(id));
    for text in [
        "",
        "abc",
        &"g".repeat(32),
        &"0".repeat(33),
        &format!("+{}", "0".repeat(31)),
        &"é".repeat(16),
    ] {
        assert_eq!(NoteId::parse(text), None, "{text}");
    }
    assert_eq!(NoteId::parse(&"AB".repeat(16)), NoteId::parse(&"ab".repeat(16)));
}

#[test]
fn no_text_stands_in_a_debug_line() {
    let note = WrittenNote {
        id: NoteId::random(),
        text: "secret".to_owned(),
        changed_at: OffsetDateTime::UNIX_EPOCH,
    };
    assert!(!format!("{note:?}").contains("secret"));
}
