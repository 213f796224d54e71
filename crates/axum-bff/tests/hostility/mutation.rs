//! Makes texts hostile. It doubles, drops and exchanges pieces, takes pieces from other texts, and inserts, removes,
//! encodes, changes and repeats characters.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Snippets to insert into a text: parts of the syntax of addresses, encodings of them, and characters that some
/// programs drop, fold or turn around.
const SNIPPETS: &[&str] = &[
    "\0",
    "\r\n",
    "\n",
    "\t",
    " ",
    "\u{7f}",
    "\u{a0}",
    "\u{ad}",
    "é",
    "e\u{301}",
    "\u{130}",
    "ſ",
    "\u{202e}",
    "\u{2028}",
    "\u{3002}",
    "\u{feff}",
    "\u{ff0f}",
    "\u{1f600}",
    "%",
    "%%",
    "%00",
    "%0d%0a",
    "%09",
    "%20",
    "%2e",
    "%2e%2e",
    "%2f",
    "%2F%2F",
    "%3b",
    "%3d",
    "%26",
    "%5c",
    "%25",
    "%252f",
    "%2500",
    "%61",
    "%c0%af",
    "%ff",
    "%u002f",
    "+",
    "/",
    "//",
    "\\",
    "/\\",
    ".",
    "..",
    "/./",
    "/../",
    "@",
    ":",
    ";",
    "; ",
    ",",
    "#",
    "?",
    "&",
    "&&",
    "=",
    "==",
    "'",
    "\"",
    "`",
    "<script>",
    "{",
    "}",
    "[",
    "]",
    "|",
    "^",
    "~",
    "$",
    "*",
    "(",
    "javascript:",
    "https:",
    "https://evil.example",
];

/// One change. Its index chooses a piece or a character of the text as it is at that time.
#[derive(Clone, Debug)]
enum Mutation {
    Drop(Index),
    Duplicate(Index, Index),
    Exchange(Index, Index),
    Splice(Index, String),
    Insert(Index, String),
    Remove(Index),
    Encode(Index, bool),
    TurnCase(Index),
    Lengthen(Index, usize),
    Cut(Index),
}

/// Makes further texts from a corpus. Its texts consist of pieces with `separator` between them.
pub(crate) fn mutated(corpus: Vec<String>, separator: &'static str) -> impl Strategy<Value = String> {
    let pieces: Vec<String> = corpus
        .iter()
        .flat_map(|text| text.split(separator).map(str::to_owned))
        .collect();
    (select(corpus), vec(mutation(pieces), 0..5)).prop_map(move |(text, mutations)| {
        mutations
            .iter()
            .fold(text, |text, mutation| mutation.apply(&text, separator))
    })
}

fn mutation(pieces: Vec<String>) -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Mutation::Drop),
        (at(), at()).prop_map(|(from, to)| Mutation::Duplicate(from, to)),
        (at(), at()).prop_map(|(one, other)| Mutation::Exchange(one, other)),
        (at(), select(pieces)).prop_map(|(to, piece)| Mutation::Splice(to, piece)),
        (at(), select(SNIPPETS)).prop_map(|(to, snippet)| Mutation::Insert(to, snippet.to_owned())),
        (at(), any::<char>()).prop_map(|(to, character)| Mutation::Insert(to, character.to_string())),
        at().prop_map(Mutation::Remove),
        (at(), any::<bool>()).prop_map(|(at, twice)| Mutation::Encode(at, twice)),
        at().prop_map(Mutation::TurnCase),
        (at(), select(&[2_usize, 40, 300, 1100, 2100, 4200, 8300][..])).prop_map(|(at, by)| Mutation::Lengthen(at, by)),
        at().prop_map(Mutation::Cut),
    ]
}

impl Mutation {
    fn apply(&self, text: &str, separator: &str) -> String {
        let mut pieces: Vec<&str> = text.split(separator).collect();
        let count = pieces.len();
        match self {
            Self::Drop(at) => drop(pieces.remove(at.index(count))),
            Self::Duplicate(from, to) => pieces.insert(to.index(count + 1), pieces[from.index(count)]),
            Self::Exchange(one, other) => pieces.swap(one.index(count), other.index(count)),
            Self::Splice(to, piece) => pieces.insert(to.index(count + 1), piece),
            _ => return self.apply_to_character(text.to_owned()),
        }
        pieces.join(separator)
    }

    fn apply_to_character(&self, mut text: String) -> String {
        // The places between characters, both ends included.
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let between = |at: &Index| places[at.index(places.len())];
        let (replaced, by): (&Index, fn(&str, usize) -> String) = match self {
            Self::Insert(at, what) => {
                text.insert_str(between(at), what);
                return text;
            }
            Self::Cut(at) => {
                text.truncate(between(at));
                return text;
            }
            Self::Encode(at, false) => (at, |one, _| encoded("%", one)),
            Self::Encode(at, true) => (at, |one, _| encoded("%25", one)),
            Self::TurnCase(at) => (at, |one, _| turned(one)),
            Self::Lengthen(at, _) => (at, str::repeat),
            Self::Remove(at)
            | Self::Drop(at)
            | Self::Duplicate(at, _)
            | Self::Exchange(at, _)
            | Self::Splice(at, _) => (at, |_, _| String::new()),
        };
        let times = if let Self::Lengthen(_, times) = self { *times } else { 1 };
        if places.len() > 1 {
            let at = replaced.index(places.len() - 1);
            let range = places[at]..places[at + 1];
            text.replace_range(range.clone(), &by(&text[range], times));
        }
        text
    }
}

fn encoded(percent: &str, character: &str) -> String {
    let bytes = character.bytes().map(|byte| format!("{percent}{byte:02X}"));
    bytes.collect::<Vec<_>>().concat()
}

fn turned(character: &str) -> String {
    let upper = character.to_uppercase();
    if upper == character {
        character.to_lowercase()
    } else {
        upper
    }
}
