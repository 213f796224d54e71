//! The outcomes of the tests of the last run: the runners' output, kept while it is shown.

use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// Where the lines of a runner are kept.
fn folder(project: &Project) -> PathBuf {
    project.work().join("outcomes")
}

/// The file of Playwright's report.
pub(crate) fn playwright_report(project: &Project) -> PathBuf {
    folder(project).join("end2end.json")
}

/// The file for the lines that say how each test went.
fn lines(project: &Project, name: &str) -> PathBuf {
    folder(project).join(format!("{name}.txt"))
}

/// Runs `cargo test` and keeps the lines that say how each test went, under `name`.
pub(crate) fn run_recorded(project: &Project, name: &str, cargo: &mut Command) -> Result<()> {
    command::run_kept(cargo, &lines(project, name))
}

/// Runs `cargo test` as [`run_recorded`] does, beside another one.
pub(crate) fn run_recorded_beside(project: &Project, name: &str, cargo: &mut Command) -> Result<()> {
    command::run_beside(cargo, &lines(project, name))
}

/// Forgets the outcomes of an earlier run, so that none is taken for this one's.
pub(crate) fn forget(project: &Project) -> Result<()> {
    files::remove(&folder(project))
}

/// Tests by name, and whether each passed.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(BTreeMap<String, bool>);

impl Outcomes {
    pub(super) fn read(project: &Project) -> Result<Self> {
        let mut outcomes = Self::default();
        let folder = folder(project);
        for file in files::list(&folder)? {
            let bytes = files::read(&folder.join(&file))?;
            if file.extension().is_some_and(|extension| extension == "json") {
                let report: Report = serde_json::from_slice(&bytes).context("Playwright's report cannot be read")?;
                outcomes.add_report(&report);
            } else {
                outcomes.add_lines(&String::from_utf8_lossy(&bytes));
            }
        }
        Ok(outcomes)
    }

    /// Whether the test passed, in all the forms that it ran in: a test on two stores has two, named after it, and a
    /// specification with `${value}` in its title has one for each value.
    pub(super) fn passed(&self, name: &str) -> bool {
        let below = format!("{name}::");
        let parts = name
            .split_once("${")
            .and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
        let is_form = |form: &str| match parts {
            Some((before, after)) => form.starts_with(before) && form.ends_with(after),
            None => form == name || form.starts_with(&below),
        };
        let mut forms = self.0.iter().filter(|(form, _)| is_form(form)).peekable();
        forms.peek().is_some() && forms.all(|(_, passed)| *passed)
    }

    /// `test callback::landing::a_login_replaces_the_session_before_it ... ok`
    fn add_lines(&mut self, lines: &str) {
        for line in lines.lines() {
            let Some((name, outcome)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) else {
                continue;
            };
            let name = name.split(" - ").next().unwrap_or(name);
            self.add(name.to_owned(), outcome.starts_with("ok"));
        }
    }

    fn add_report(&mut self, report: &Report) {
        for suite in &report.suites {
            self.add_suite(suite);
        }
    }

    fn add_suite(&mut self, suite: &Suite) {
        let file = suite.file.rsplit('/').next().unwrap_or_default();
        for spec in &suite.specs {
            self.add(format!("{file}: {}", spec.title), spec.ok);
        }
        for inner in &suite.suites {
            self.add_suite(inner);
        }
    }

    /// Two crates may have a test of the same name: both have to pass then.
    fn add(&mut self, name: String, passed: bool) {
        let all = self.0.entry(name).or_insert(true);
        *all &= passed;
    }
}

/// The part of Playwright's report that is read.
#[derive(Debug, Deserialize)]
struct Report {
    suites: Vec<Suite>,
}

#[derive(Debug, Deserialize)]
struct Suite {
    file: String,
    specs: Vec<Spec>,
    #[serde(default)]
    suites: Vec<Suite>,
}

#[derive(Debug, Deserialize)]
struct Spec {
    title: String,
    ok: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_passes_with_all_its_forms() {
        let mut outcomes = Outcomes::default();
        outcomes.add_lines(
            "running 4 tests\ntest a::one ... ok\ntest a::two::in_memory ... ok\ntest a::two::in_redis ... FAILED\n\
             test a::panics - should panic ... ok\ntest a::left ... ignored\n",
        );
        assert!(outcomes.passed("a::one"));
        assert!(!outcomes.passed("a::two"));
        assert!(outcomes.passed("a::panics"));
        assert!(!outcomes.passed("a::left"), "an ignored test did not pass");
        assert!(!outcomes.passed("a"), "a module is no test");
        assert!(!outcomes.passed("a::none"));
    }

    #[test]
    fn a_report_of_the_browsers_tests_is_read() {
        let report = serde_json::from_str(
            r#"{"suites":[{"file":"tokens.spec.ts","title":"","specs":[{"title":"ses_09 a","ok":true}],
                "suites":[{"file":"tokens.spec.ts","specs":[{"title":"inner","ok":false}]}]}]}"#,
        )
        .expect("a report");
        let mut outcomes = Outcomes::default();
        outcomes.add_report(&report);
        assert!(outcomes.passed("tokens.spec.ts: ses_09 a"));
        assert!(!outcomes.passed("tokens.spec.ts: inner"));
        assert!(outcomes.passed("tokens.spec.ts: ses_09 ${letter}"));
        assert!(!outcomes.passed("tokens.spec.ts: ses_10 ${letter}"));
    }
}
