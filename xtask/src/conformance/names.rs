//! Which tests name which requirements. Sources are read line by line, as `rustfmt` and the specifications' style leave
//! them: a block ends with the bracket at the indentation where it began.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folders with tests. The tests of `provider` are left out: they show the provider's behaviour, not ours.
pub(super) const FOLDERS: [&str; 7] = [
    "app/src",
    "crates",
    "server/src",
    "server/tests",
    "server/fuzz",
    "xtask/src",
    "end2end/specs",
];

/// The sections of the requirements.
const SECTIONS: [&str; 14] = [
    "DISC", "AUTHZ", "CB", "TOK", "IDT", "UI", "RT", "LO", "SES", "CSRF", "RED", "PRX", "HDR", "SEC",
];

/// How the names of modules begin.
const SUITES: [&str; 2] = ["oidcc-client-", "fapi2-security-profile-final-client-"];

/// A test, and the requirements that it names.
#[derive(Debug)]
pub(super) struct NamedTest {
    /// As the runner prints it: `callback::cb_01_..`, or `sign-in.spec.ts: title`.
    pub(super) name: String,
    /// Where it is, from the project's root.
    pub(super) file: PathBuf,
    /// The requirements and modules.
    pub(super) shows: BTreeSet<String>,
}

pub(super) fn is_source(file: &Path) -> bool {
    let name = file.to_string_lossy();
    name.ends_with(".rs") || name.ends_with(".spec.ts")
}

/// The tests of a file that name something.
pub(super) fn named(file: &Path, source: &str) -> Vec<NamedTest> {
    // The rows in this program's own tests are made up.
    if file.starts_with("xtask/src/conformance") || file == Path::new("xtask/src/conformance.rs") {
        return Vec::new();
    }
    let tests = if file.extension().is_some_and(|extension| extension == "ts") {
        specifications(file, source)
    } else {
        rust(file, source)
    };
    tests
        .into_iter()
        .map(|(name, text)| NamedTest {
            shows: names_in(&text),
            name,
            file: file.to_owned(),
        })
        .filter(|test| !test.shows.is_empty())
        .collect()
}

fn specifications(file: &Path, source: &str) -> Vec<(String, String)> {
    let file = file.file_name().unwrap_or_default().to_string_lossy();
    let lines: Vec<&str> = source.lines().collect();
    let mut tests = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(title) = line.trim_start().strip_prefix("test(").and_then(quoted) else {
            continue;
        };
        let text = block(&lines, at, "});");
        tests.push((format!("{file}: {title}"), text));
    }
    tests
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| "'\"`".contains(*quote))?;
    text[1..].split(quote).next()
}

fn rust(file: &Path, source: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = source.lines().collect();
    let mut modules: Vec<(usize, &str)> = Vec::new();
    let mut tests = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(name) = line
            .trim_start()
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(" {"))
        {
            modules.push((indentation(line), name));
        } else if line.trim() == "}" && modules.last().is_some_and(|(depth, _)| *depth == indentation(line)) {
            modules.pop();
        } else if let Some(name) = function(line) {
            let start = beginning(&lines, at);
            let is_test = lines[start..at].iter().any(|line| is_test_attribute(line)) || in_contract(&lines, name);
            if is_test {
                let inline = modules.iter().map(|(_, name)| *name);
                let path: Vec<String> = modules_of(file).into_iter().chain(inline.map(str::to_owned)).collect();
                let name: Vec<String> = path.into_iter().chain([name.to_owned()]).collect();
                let text = format!("{}\n{}", lines[start..at].join("\n"), block(&lines, at, "}"));
                tests.push((name.join("::"), text));
            }
        }
    }
    tests
}

/// The modules that a file stands for, below its crate or test binary.
fn modules_of(file: &Path) -> Vec<String> {
    let parts: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let package = usize::from(parts.first().is_some_and(|first| first == "crates"));
    // A crate's `src`, or a test binary's folder.
    let skipped = match parts.get(package + 1).map(String::as_str) {
        Some("tests" | "fuzz") => package + 3,
        Some("examples") => parts.len(),
        _ => package + 2,
    };
    let mut modules = parts.get(skipped..).unwrap_or_default().to_vec();
    modules.retain(|module| !matches!(module.as_str(), "lib" | "main"));
    modules
}

fn function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?;
    name.split(['(', '<']).next()
}

fn is_test_attribute(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("#[test") || line.starts_with("#[tokio::test")
}

/// Whether `both!` has the function run on both stores: the runner's names go on after the function's then.
fn in_contract(lines: &[&str], name: &str) -> bool {
    let Some(start) = lines.iter().position(|line| *line == "both!(") else {
        return false;
    };
    let listed = lines[start + 1..].iter().take_while(|line| **line != ");");
    listed.into_iter().any(|line| line.trim().trim_end_matches(',') == name)
}

/// The first line of the comments and attributes above line `at`.
fn beginning(lines: &[&str], at: usize) -> usize {
    let above = lines[..at].iter().rev();
    let count = above
        .take_while(|line| {
            let line = line.trim_start();
            line.starts_with("///") || line.starts_with("#[") || line.starts_with("//")
        })
        .count();
    at - count
}

/// The lines from `at` to the one that closes its block.
fn block(lines: &[&str], at: usize, close: &str) -> String {
    if lines[at].trim_end().ends_with(close) {
        return lines[at].to_owned();
    }
    let depth = indentation(lines[at]);
    let inside = lines[at + 1..]
        .iter()
        .take_while(|line| !(indentation(line) == depth && line.trim_start().starts_with(close)));
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

/// The requirements and modules that a text names.
fn names_in(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let is_word = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    for word in text.split(|character: char| !is_word(character)) {
        // A function is called after its module, with underscores.
        let module = word.replace('_', "-");
        let of_suite = |suite: &&str| module.len() > suite.len() && module.starts_with(*suite);
        if SUITES.iter().any(of_suite) {
            names.insert(module);
        }
        names.extend(row(word));
        names.extend(rows_of_name(word));
    }
    names
}

/// `IDT-15`.
fn row(word: &str) -> Option<String> {
    let (section, number) = word.split_once('-')?;
    (SECTIONS.contains(&section) && is_number(number)).then(|| word.to_owned())
}

/// The rows in a function's name: `idt_15_..`, `idt_03_to_05_..`, `ses_01_csrf_02_..`.
fn rows_of_name(word: &str) -> Vec<String> {
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

fn is_number(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
