//! Which tests show which requirements.
//!
//! A Rust test says so in the first line of its documentation, a list of rows and of the Foundation's modules:
//! `/// IDT-15, TOK-12`. A line that ends with a comma goes on in the next. Modules may also stand in a table, the constant
//! `MODULES` beside the test that walks through it. Nothing else counts: neither a name, nor a comment, nor a text.

mod rust;
mod specifications;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folders with tests.
pub(super) const FOLDERS: [&str; 7] = [
    "app/src",
    "crates",
    "provider",
    "server/src",
    "server/tests",
    "xtask/src",
    "end2end/specs",
];

/// Its tests show the provider's behaviour, not ours. They name requirements all the same, because the provider is there
/// for them.
const PROVIDER: &str = "provider";

/// The sections of the requirements.
const SECTIONS: [&str; 14] = [
    "DISC", "AUTHZ", "CB", "TOK", "IDT", "UI", "RT", "LO", "SES", "CSRF", "RED", "PRX", "HDR", "SEC",
];

/// How the names of modules begin.
const SUITES: [&str; 2] = ["oidcc-client-", "fapi2-security-profile-final-client-"];

/// A longer name is no sentence that anybody reads.
const NAME_LIMIT: usize = 80;

/// A test, and the requirements that it names.
#[derive(Debug)]
pub(super) struct NamedTest {
    /// As the runner prints it: `callback::once::two_tabs_finish_in_any_order`, or `sign-in.spec.ts: title`.
    pub(super) name: String,
    /// Where it is, from the project's root.
    pub(super) file: PathBuf,
    /// The requirements and modules.
    pub(super) shows: BTreeSet<String>,
}

impl NamedTest {
    /// Whether it shows how a requirement is met.
    pub(super) fn counts(&self) -> bool {
        !self.file.starts_with(PROVIDER)
    }
}

/// The tests of files that name something, and the mistakes in how tests are named.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) tests: Vec<NamedTest>,
    pub(super) mistakes: Vec<String>,
}

pub(super) fn is_source(file: &Path) -> bool {
    let name = file.to_string_lossy();
    name.ends_with(".rs") || name.ends_with(".spec.ts")
}

impl Names {
    /// Adds the tests of a file.
    pub(super) fn add(&mut self, file: &Path, source: &str) {
        if file.extension().is_some_and(|extension| extension == "ts") {
            self.tests.extend(specifications::named(file, source));
            return;
        }
        match rust::tests(source) {
            Ok(tests) => tests.iter().for_each(|test| self.add_test(file, test)),
            Err(error) => self.mistakes.push(format!("{}: {error}", file.display())),
        }
    }

    fn add_test(&mut self, file: &Path, test: &rust::Test) {
        let own = test.path.last().map_or("", String::as_str);
        let path: Vec<String> = modules_of(file).into_iter().chain(test.path.iter().cloned()).collect();
        let name = path.join("::");
        let mut mistake = |what: &str| self.mistakes.push(format!("{name} ({}): {what}", file.display()));
        if own.len() > NAME_LIMIT {
            mistake(&format!(
                "its name has {} characters, more than {NAME_LIMIT}",
                own.len()
            ));
        }
        if names_a_row(own) {
            mistake("its name names a requirement; the first line of its documentation does that");
        }
        let mut shows = listed(&test.documentation).unwrap_or_else(|list| {
            mistake(&format!("`{list}` is no list such as `IDT-15, TOK-12`"));
            BTreeSet::new()
        });
        shows.extend(test.table.iter().filter(|text| is_module(text)).map(|name| key(name)));
        if !shows.is_empty() {
            let file = file.to_owned();
            self.tests.push(NamedTest { name, file, shows });
        }
    }
}

/// The requirements and modules at the beginning of a documentation; the list as it stands there if it is none.
fn listed(documentation: &[String]) -> Result<BTreeSet<String>, String> {
    let first_word = documentation
        .first()
        .and_then(|line| line.split([' ', ',', ':', ';', '.']).next());
    if !first_word.is_some_and(|word| is_row(word) || is_module(word)) {
        return Ok(BTreeSet::new());
    }
    let goes_on = documentation.iter().take_while(|line| line.ends_with(',')).count();
    let list = documentation[..documentation.len().min(goes_on + 1)].join(" ");
    let names = list.split(", ");
    let read = names.map(|name| (is_row(name) || is_module(name)).then(|| key(name)));
    read.collect::<Option<_>>().ok_or(list)
}

/// One module's name has an underscore.
fn key(name: &str) -> String {
    name.replace('_', "-")
}

/// `IDT-15`, also in a section that does not exist.
fn is_row(word: &str) -> bool {
    word.split_once('-').is_some_and(|(section, number)| {
        !section.is_empty() && section.bytes().all(|byte| byte.is_ascii_uppercase()) && is_number(number)
    })
}

fn is_module(word: &str) -> bool {
    let is_of = |suite: &&str| word.len() > suite.len() && word.starts_with(*suite);
    SUITES.iter().any(is_of)
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_number(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a function's name has a row in it, such as `idt_15`.
fn names_a_row(name: &str) -> bool {
    let parts: Vec<&str> = name.split('_').collect();
    let is_it = |pair: &[&str]| SECTIONS.contains(&pair[0].to_ascii_uppercase().as_str()) && is_number(pair[1]);
    parts.windows(2).any(is_it)
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
        Some("tests") => package + 3,
        Some("examples") => parts.len(),
        _ => package + 2,
    };
    let mut modules = parts.get(skipped..).unwrap_or_default().to_vec();
    modules.retain(|module| !matches!(module.as_str(), "lib" | "main"));
    modules
}

#[cfg(test)]
mod tests;
