use super::{NOTE_LIMIT, Note, NoteOutcome, NotesOutcome, NotesRefusal, RemoveOutcome, note_text};
use serde_json::{Value, json};

fn note() -> Note {
    Note {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        text: "<b>milk</b>\nand \"bread\"".to_owned(),
        changed_at: "2026-11-23T04:48:47Z".to_owned(),
    }
}

#[test]
fn an_outcome_that_is_written_is_read_again() {
    let refusals = NotesRefusal::ALL.map(Err);
    for outcome in refusals.into_iter().chain([Ok(Vec::new()), Ok(vec![note(), note()])]) {
        let json = serde_json::to_string(&NotesOutcome(outcome.clone())).expect("writes");
        let read: NotesOutcome = serde_json::from_str(&json).expect(&json);
        assert_eq!(read, NotesOutcome(outcome));
    }
    for outcome in NotesRefusal::ALL.map(Err).into_iter().chain([Ok(note())]) {
        let json = serde_json::to_string(&NoteOutcome(outcome.clone())).expect("writes");
        assert_eq!(serde_json::from_str::<NoteOutcome>(&json).expect(&json).0, outcome);
    }
    for outcome in NotesRefusal::ALL.map(Err).into_iter().chain([Ok(())]) {
        let json = serde_json::to_string(&RemoveOutcome(outcome)).expect("writes");
        assert_eq!(serde_json::from_str::<RemoveOutcome>(&json).expect(&json).0, outcome);
    }
}

#[test]
fn a_member_of_a_note_that_is_missing_or_of_another_type_is_refused() {
    let whole = Value::from(note());
    let members = whole.as_object().expect("an object");
    assert_eq!(members.len(), 3);
    for member in members.keys() {
        for other in [None, Some(Value::Null), Some(json!(-1)), Some(json!([1]))] {
            let mut broken = members.clone();
            match &other {
                None => drop(broken.remove(member)),
                Some(value) => drop(broken.insert(member.clone(), value.clone())),
            }
            let list = NotesOutcome::try_from(json!({"notes": [broken.clone()]}));
            assert!(list.is_err(), "{member} as {other:?}");
            let one = NoteOutcome::try_from(json!({"note": broken}));
            assert!(one.is_err(), "{member} as {other:?}");
        }
    }
}

#[test]
fn an_outcome_that_nobody_writes_is_not_read() {
    for json in [
        json!(null),
        json!({}),
        json!({"refusal": "other"}),
        json!({"removed": false}),
        json!({"notes": {}}),
        json!({"notes": [null]}),
        json!({"note": null}),
    ] {
        assert!(NotesOutcome::try_from(json.clone()).is_err(), "{json}");
        assert!(NoteOutcome::try_from(json.clone()).is_err(), "{json}");
        assert!(RemoveOutcome::try_from(json.clone()).is_err(), "{json}");
    }
}

#[test]
fn a_note_has_something_in_it_and_not_too_much() {
    for empty in ["", " ", "\r\n\t\u{a0}"] {
        assert_eq!(note_text(empty), Err(NotesRefusal::Empty), "{empty:?}");
    }
    let longest = "\u{1f600}".repeat(NOTE_LIMIT);
    assert_eq!(
        note_text(&longest).as_deref(),
        Ok(longest.as_str()),
        "characters, not bytes"
    );
    assert_eq!(note_text(&format!("{longest}.")), Err(NotesRefusal::TooLong));
    let lines = "\r\n".repeat(NOTE_LIMIT - 1) + "x";
    assert!(note_text(&lines).is_ok(), "a line's end is one character");
    assert_eq!(note_text(" a\r\nb\n").as_deref(), Ok(" a\nb\n"));
}
