use super::{NOTE_LIMIT, NotesRefusal, note_text};

#[test]
fn a_note_has_something_in_it_and_not_too_much() {
    for empty in ["", " ", "\r\n\t\u{a0}"] {
        assert_eq!(note_text(empty), Err(NotesRefusal::Empty), "{empty:?}");
    }
    let longest = "\u{1f600}".repeat(NOTE_LIMIT);
    assert_eq!(
        note_text(&longest).as_deref(),
        Ok(longest.as_str()),
        "the limit counts characters, not bytes"
    );
    assert_eq!(note_text(&format!("{longest}.")), Err(NotesRefusal::TooLong));
    let lines = "\r\n".repeat(NOTE_LIMIT - 1) + "x";
    assert!(note_text(&lines).is_ok(), "a line break counts as one character");
    assert_eq!(note_text(" a\r\nb\n").as_deref(), Ok(" a\nb\n"));
}
