//! `docs/conformance.md`: which requirement is shown by which test, and how it went.
//!
//! The requirements are in `docs/conformance.toml`. A test shows some, and modules of the `OpenID` Foundation's suite, by
//! naming them (see `names`). The page is written from that and from the output of the last run of the tests.

mod names;
mod outcomes;
mod page;
mod requirements;

use crate::files;
use crate::project::Project;
use anyhow::{Context, Result, bail, ensure};
use names::{NamedTest, Names};
use requirements::{Entry, Requirements};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(crate) use outcomes::{Outcomes, forget, playwright_report, run_recorded, run_recorded_beside};

/// The questions, and the answers.
const REQUIREMENTS: &str = "docs/conformance.toml";
const PAGE: &str = "docs/conformance.md";

/// The tests that name an entry, by the entry's key.
type Shown<'a> = BTreeMap<String, Vec<&'a NamedTest>>;

/// Every requirement has a test or a reason, no test names one that does not exist, no reason stands where a test does,
/// and every test has a name that can be read.
pub(crate) fn check(project: &Project) -> Result<()> {
    without_gaps(project).map(drop)
}

fn without_gaps(project: &Project) -> Result<(Requirements, Vec<NamedTest>)> {
    let (requirements, names) = read(project)?;
    let gaps = gaps(&requirements, &names);
    ensure!(gaps.is_empty(), "{}", gaps.join("\n"));
    Ok((requirements, names.tests))
}

/// Writes the page from the outcomes of the last run.
pub(crate) fn write(project: &Project) -> Result<()> {
    let (requirements, tests) = without_gaps(project)?;
    let outcomes = Outcomes::read(project)?;
    let not_passed: Vec<String> = tests
        .iter()
        .filter(|test| test.counts() && !outcomes.passed(&test.name))
        .map(|test| format!("{} ({})", test.name, test.file.display()))
        .collect();
    ensure!(
        not_passed.is_empty(),
        "a test that stands for a requirement has not passed:\n{}",
        not_passed.join("\n")
    );
    let written = page::write(&requirements, &shown(&requirements, &tests));
    let path = project.path(PAGE);
    let before = files::read(&path).unwrap_or_default();
    if before == written.as_bytes() {
        return Ok(());
    }
    files::write(&path, written.as_bytes())?;
    bail!("{PAGE} was out of date. It has been written anew: commit it")
}

fn read(project: &Project) -> Result<(Requirements, Names)> {
    let text = files::read(&project.path(REQUIREMENTS))?;
    let requirements = Requirements::read(&String::from_utf8_lossy(&text)).context(REQUIREMENTS)?;
    let mut names = Names::default();
    for folder in names::FOLDERS {
        let root = project.path(folder);
        for file in files::list(&root)? {
            let relative = PathBuf::from(folder).join(&file);
            if names::is_source(&relative) {
                let source = files::read(&root.join(&file))?;
                names.add(&relative, &String::from_utf8_lossy(&source));
            }
        }
    }
    Ok((requirements, names))
}

fn shown<'a>(requirements: &Requirements, tests: &'a [NamedTest]) -> Shown<'a> {
    let mut shown: Shown<'a> = requirements.entries().map(|entry| (entry.key(), Vec::new())).collect();
    for test in tests.iter().filter(|test| test.counts()) {
        for name in &test.shows {
            if let Some(tests) = shown.get_mut(name) {
                tests.push(test);
            }
        }
    }
    shown
}

fn gaps(requirements: &Requirements, names: &Names) -> Vec<String> {
    let shown = shown(requirements, &names.tests);
    let entries = requirements.entries().filter_map(|entry: Entry<'_>| {
        let name = entry.name();
        let tested = !shown[&entry.key()].is_empty();
        match (tested, entry.reason().map(str::trim)) {
            (_, Some("")) => Some(format!("{name}: the reason is empty")),
            (false, None) => Some(format!(
                "{name}: no test names it, and no reason stands in {REQUIREMENTS}"
            )),
            (true, Some(_)) => Some(format!("{name}: a test names it, so that its reason is stale")),
            _ => None,
        }
    });
    let unknown = names.tests.iter().flat_map(|test| {
        let unknown = test.shows.iter().filter(|name| !shown.contains_key(*name));
        unknown.map(|name| format!("{}: names {name}, which does not exist", test.name))
    });
    entries.chain(unknown).chain(names.mistakes.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirements() -> Requirements {
        let entry = |id: &str, reason: &str| {
            format!(
                "[[requirement]]\nid = \"{id}\"\nlevel = \"M\"\ntier = 1\nsays = \"Something.\"\nsource = \"Core\"\n{reason}\n"
            )
        };
        let text =
            entry("IDT-01", "") + &entry("IDT-02", "reason = \"Not built.\"") + &entry("IDT-03", "reason = \" \"");
        Requirements::read(&text).expect("well-formed")
    }

    /// One test in this file, which names these.
    fn names(file: &str, shows: &[&str]) -> Names {
        Names {
            tests: vec![NamedTest {
                name: "a::test".to_owned(),
                file: PathBuf::from(file),
                shows: shows.iter().map(|name| (*name).to_owned()).collect(),
            }],
            mistakes: Vec::new(),
        }
    }

    #[test]
    fn a_row_without_test_and_reason_is_a_gap_and_so_is_an_empty_reason() {
        let found = gaps(&requirements(), &Names::default());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("IDT-01: no test"), "{found:?}");
        assert!(found[1].starts_with("IDT-03: the reason is empty"), "{found:?}");
    }

    #[test]
    fn a_reason_beside_a_test_is_stale_and_a_name_that_does_not_exist_is_found() {
        let found = gaps(
            &requirements(),
            &names("server/src/a.rs", &["IDT-01", "IDT-02", "IDT-99"]),
        );
        assert!(
            found.iter().any(|gap| gap.starts_with("IDT-02: a test names it")),
            "{found:?}"
        );
        assert!(found.iter().any(|gap| gap.contains("names IDT-99")), "{found:?}");
        assert!(!found.iter().any(|gap| gap.starts_with("IDT-01")), "{found:?}");
    }
    #[test]
    fn a_test_of_the_provider_shows_nothing_and_names_nothing_that_does_not_exist() {
        let found = gaps(&requirements(), &names("provider/src/a.rs", &["IDT-01", "IDT-99"]));
        assert!(found.iter().any(|gap| gap.starts_with("IDT-01: no test")), "{found:?}");
        assert!(found.iter().any(|gap| gap.contains("names IDT-99")), "{found:?}");
    }

    #[test]
    fn a_mistake_in_how_a_test_is_named_is_a_gap() {
        let mut names = names("server/src/a.rs", &["IDT-01"]);
        names.mistakes.push("too long".to_owned());
        assert!(gaps(&requirements(), &names).contains(&"too long".to_owned()));
    }
}
