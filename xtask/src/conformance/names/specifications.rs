//! The specifications of Playwright, which name requirements in their titles (`ses_09 ..`) and in the lines of their bodies
//! (`HDR-01`). They are read line by line: a test ends with the bracket at the indentation where it began.

use super::{NamedTest, SECTIONS, is_number};
use std::collections::BTreeSet;
use std::path::Path;

/// The tests of a file that name something.
pub(super) fn named(file: &Path, source: &str) -> Vec<NamedTest> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let lines: Vec<&str> = source.lines().collect();
    let mut tests = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(title) = line.trim_start().strip_prefix("test(").and_then(quoted) else {
            continue;
        };
        let shows = names_in(&block(&lines, at));
        if !shows.is_empty() {
            tests.push(NamedTest {
                name: format!("{name}: {title}"),
                file: file.to_owned(),
                shows,
            });
        }
    }
    tests
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| "'\"`".contains(*quote))?;
    text[1..].split(quote).next()
}

/// The lines from `at` to the one that closes its block.
fn block(lines: &[&str], at: usize) -> String {
    const CLOSE: &str = "});";
    if lines[at].trim_end().ends_with(CLOSE) {
        return lines[at].to_owned();
    }
    let depth = indentation(lines[at]);
    let inside = lines[at + 1..]
        .iter()
        .take_while(|line| !(indentation(line) == depth && line.trim_start().starts_with(CLOSE)));
    let mut text = lines[at].to_owned();
    for line in inside {
        text.push('\n');
        text.push_str(line);
    }
    text
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The requirements that a text names.
fn names_in(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let is_word = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    for word in text.split(|character: char| !is_word(character)) {
        names.extend(row(word));
        names.extend(rows_of_title(word));
    }
    names
}

/// `IDT-15`.
fn row(word: &str) -> Option<String> {
    let (section, number) = word.split_once('-')?;
    (SECTIONS.contains(&section) && is_number(number)).then(|| word.to_owned())
}

/// The rows in a title: `idt_15`, `idt_03_to_05`, `ses_01_csrf_02`.
fn rows_of_title(word: &str) -> Vec<String> {
    let parts: Vec<&str> = word.split('_').collect();
    let mut rows = Vec::new();
    for (at, pair) in parts.windows(2).enumerate() {
        let section = pair[0].to_ascii_uppercase();
        let (Some(section), true) = (SECTIONS.iter().find(|known| **known == section), is_number(pair[1])) else {
            continue;
        };
        let until = match parts.get(at + 2..at + 4) {
            Some(["to", until]) if is_number(until) => until,
            _ => pair[1],
        };
        let (Ok(first), Ok(last)) = (pair[1].parse::<u8>(), until.parse::<u8>()) else {
            continue;
        };
        rows.extend((first..=last).map(|number| format!("{section}-{number:02}")));
    }
    rows
}
