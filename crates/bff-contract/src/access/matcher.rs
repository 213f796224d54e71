//! Finds the line of a table that decides about a path.
//!
//! On the server that is axum's own matcher. In WebAssembly, where it weighed some kilobytes, a table of a few lines is walked
//! through. A test holds both to the same answers. The browser guards nothing by itself: the server decides.

use super::Rule;
use super::unusable::Unusable;

/// A line of the table.
pub(super) type Line = (&'static str, Rule);

/// The matcher of axum.
#[cfg(any(not(target_family = "wasm"), test))]
#[derive(Default)]
pub(super) struct Tree(matchit::Router<Line>);

#[cfg(any(not(target_family = "wasm"), test))]
impl Tree {
    pub(super) fn add(&mut self, line: Line) -> Result<(), Unusable> {
        self.0.insert(line.0, line).map_err(|error| Unusable::of(line.0, error))
    }

    pub(super) fn find(&self, path: &str) -> Option<Line> {
        self.0.at(path).ok().map(|found| *found.value)
    }
}

/// A list that is walked through.
#[cfg(any(target_family = "wasm", test))]
#[derive(Default)]
pub(super) struct List(Vec<Line>);

#[cfg(any(target_family = "wasm", test))]
impl List {
    /// The server refuses to start with a line that cannot be added.
    pub(super) fn add(&mut self, line: Line) -> Result<(), Unusable> {
        if self.0.iter().any(|(path, _)| *path == line.0) {
            return Err(Unusable::Twice);
        }
        self.0.push(line);
        Ok(())
    }

    /// Of several lines that match, the one that is fixed where the others have a parameter first.
    pub(super) fn find(&self, path: &str) -> Option<Line> {
        let matching = self
            .0
            .iter()
            .filter_map(|line| Some((specificity(line.0, path)?, *line)));
        matching
            .max_by(|(one, _), (other, _)| one.cmp(other))
            .map(|(_, line)| line)
    }
}

#[cfg(any(target_family = "wasm", test))]
const REST: usize = 0;
#[cfg(any(target_family = "wasm", test))]
const FIXED: usize = usize::MAX;

/// How specific a pattern is at each segment of a path. None: it does not match.
#[cfg(any(target_family = "wasm", test))]
fn specificity(pattern: &str, path: &str) -> Option<Vec<usize>> {
    let mut rest = path;
    let mut specificity = Vec::new();
    let mut segments = pattern.split('/').peekable();
    loop {
        let segment = segments.next()?;
        if segment.starts_with("{*") {
            specificity.push(REST);
            return (!rest.is_empty()).then_some(specificity);
        }
        let (text, following) = rest
            .split_once('/')
            .map_or((rest, None), |(text, rest)| (text, Some(rest)));
        match segment.split_once('{') {
            None if segment == text => specificity.push(FIXED),
            // As matchit has it: only the last parameter has to match something.
            Some((prefix, _)) if text.starts_with(prefix) && (segments.peek().is_some() || text != prefix) => {
                specificity.push(1 + prefix.len());
            }
            _ => return None,
        }
        match (segments.peek(), following) {
            (None, None) => return Some(specificity),
            (Some(_), Some(following)) => rest = following,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_finds_the_line_that_the_server_finds() {
        const SEGMENTS: [&str; 6] = ["", "a", "ab", "{x}", "a{x}", "{*x}"];
        const WORDS: [&str; 6] = ["", "a", "ab", "abc", "b", "%61"];
        let mut patterns: Vec<String> = Vec::new();
        for one in SEGMENTS {
            patterns.push(format!("/{one}"));
            patterns.extend(SEGMENTS.map(|two| format!("/{one}/{two}")));
        }
        let patterns: Vec<&'static str> = patterns.into_iter().map(|text| &*text.leak()).collect();
        let paths: Vec<String> = WORDS
            .iter()
            .flat_map(|one| WORDS.map(|two| [format!("/{one}"), format!("/{one}/{two}"), format!("/{one}/{two}/a")]))
            .flatten()
            .collect();
        let mut compared = 0;
        for (first, one) in patterns.iter().enumerate() {
            for (second, two) in patterns.iter().enumerate().skip(first + 1) {
                for three in patterns.iter().skip(second + 1) {
                    let (mut tree, mut list) = (Tree::default(), List::default());
                    let lines = [(*one, Rule::Public), (*two, Rule::SignedIn), (*three, Rule::Fresh(1))];
                    if lines
                        .iter()
                        .any(|line| tree.add(*line).is_err() || list.add(*line).is_err())
                    {
                        continue;
                    }
                    for path in &paths {
                        assert_eq!(tree.find(path), list.find(path), "{one} {two} {three}: {path}");
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 100_000, "{compared}");
    }
}
