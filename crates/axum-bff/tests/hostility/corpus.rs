//! The inputs that are kept. Each line has one input as it is, or as a JSON string if a line cannot hold it. Lines that
//! begin with `# ` are comments.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

/// An input of a target.
pub(crate) trait Input: Clone + std::fmt::Debug + 'static {
    /// Reads a line of a corpus.
    fn from_line(line: &str) -> Self;
    /// Writes a line that [`Input::from_line`] reads as the same input.
    fn to_line(&self) -> String;
}

impl Input for String {
    fn from_line(line: &str) -> Self {
        if line.starts_with('"') {
            serde_json::from_str(line).expect("a JSON string")
        } else {
            line.to_owned()
        }
    }

    fn to_line(&self) -> String {
        let is_plain = !self.is_empty()
            && !self.starts_with(['"', '#'])
            && self.trim() == self
            && self
                .chars()
                .all(|character| character.is_ascii_graphic() || character == ' ');
        if is_plain {
            self.clone()
        } else {
            serde_json::to_string(self).expect("a JSON string")
        }
    }
}

/// Inputs of real shapes. Every one of them has to be accepted.
pub(crate) fn accepted<I: Input>(target: &str) -> Vec<I> {
    let inputs = lines(target, "accepted");
    assert!(!inputs.is_empty(), "{target} has no corpus");
    inputs
}

/// Known attacks. Every one of them has to be refused.
pub(crate) fn refused<I: Input>(target: &str) -> Vec<I> {
    lines(target, "refused")
}

/// Inputs on which the server and the oracle once disagreed.
pub(crate) fn found<I: Input>(target: &str) -> Vec<I> {
    lines(target, "found")
}

/// All inputs, for the generators. Three in four are real shapes, because most inputs that are made of those are
/// refused already.
pub(crate) fn all<I: Input>(target: &str) -> Vec<I> {
    let others: Vec<I> = refused(target).into_iter().chain(found(target)).collect();
    let shapes = accepted(target).into_iter().cycle().take(others.len() * 3);
    shapes.chain(others.clone()).collect()
}

/// Appends an input to `found.txt`, and returns the path of that file.
pub(crate) fn keep<I: Input>(target: &str, input: &I) -> PathBuf {
    let path = path(target, "found");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .expect("the corpus");
    writeln!(file, "{}", input.to_line()).expect("the corpus");
    path
}

fn path(target: &str, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/hostility/corpus/{target}/{name}.txt"))
}

fn lines<I: Input>(target: &str, name: &str) -> Vec<I> {
    let text = match std::fs::read_to_string(path(target, name)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => panic!("{target}/{name}: {error}"),
    };
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(I::from_line)
        .collect()
}
