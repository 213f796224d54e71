//! Finds members that occur twice. `serde_json` does not report them, so the search is in the text.

use std::collections::HashSet;

/// Whether an object in a well-formed JSON text, at any depth, has two members of one name.
pub(super) fn repeats_a_member(json: &str) -> bool {
    // The names so far of each object around this place. An array has `None`.
    let mut around: Vec<Option<HashSet<String>>> = Vec::new();
    let (mut names_next, mut at) = (false, 0);
    while let Some(byte) = json.as_bytes().get(at) {
        match byte {
            b'{' => around.push(Some(HashSet::new())),
            b'[' => around.push(None),
            b'}' | b']' => drop(around.pop()),
            b'"' => {
                let length = string_length(&json[at..]);
                let name = serde_json::from_str(&json[at..at + length]).expect("a string");
                if let (true, Some(Some(names))) = (names_next, around.last_mut())
                    && !names.insert(name)
                {
                    return true;
                }
                at += length - 1;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            names_next = matches!(byte, b'{' | b',');
        }
        at += 1;
    }
    false
}

/// The length of the string literal at the start of the text, quotes included.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    json.len()
}
