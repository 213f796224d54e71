//! `cargo xtask test`: everything that shows the application works, in parts. A failing part does
//! not keep the others from running; all that failed is named at the end.

mod end_to_end;
mod examples;
mod force;
mod integration;
mod rust;
mod soak;
mod upgrade;

pub(crate) use end_to_end::{Browser, screenshots};

use crate::conformance;
use crate::progress;
use crate::project::Project;
use anyhow::Result;
use clap::ValueEnum;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A part of the tests. They run in this order: the part that fails fastest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Formatting, clippy with warnings denied for the server's side and the WASM's, and the rules for dependencies.
    Lint,
    /// The tests inside the crates.
    Unit,
    /// The tests that walk through the real router, with a real Redis.
    Integration,
    /// The pages name nothing that does not exist; the documentation builds without a warning and its examples run.
    Docs,
    /// The applications in `examples`, and one that `cargo xtask new` writes: formatting, clippy, tests, and the WASM of
    /// those that have one.
    Examples,
    /// A real Chromium, or the browser that `--browser` names, with a certified provider. The specifications, in `end2end`,
    /// are given `BFF_BINARY`, `BFF_SITE`, `CHROMIUM`, `CHROMIUM_HEADLESS_SHELL` and `REDIS_SERVER`: absolute paths.
    E2e,
    /// `docs/conformance.md`, from the outcomes of the parts above: each requirement has a test that passed, or a reason.
    Conformance,
    /// The specifications in `end2end/browsers`, in Chromium, Firefox and `WebKit` one after the other. Runs only where it is
    /// named.
    Browsers,
    /// The long versions of the proofs by force: processes killed, frozen and exchanged under load, for minutes. Runs only
    /// where it is named, and writes its figures to `docs/force.md`.
    Force,
    /// An hour (`--minutes`) with 10,000 sessions, open streams, refreshes and restarts of replicas. Runs only where it is named,
    /// and writes its figures to `docs/soak.md` and their graph to `docs/soak.svg`.
    Soak,
    /// The build of an earlier revision (`--from`, by default the newest tag) is replaced by this one under load, and back: no
    /// session is lost. Runs only where it is named.
    Upgrade,
}

/// One thing that a part checks, by its name. All checks of a part run, even after one has failed.
type Check = (&'static str, fn(&Project) -> Result<()>);

/// The page that is written from the results of the other parts.
const CONFORMANCE: &[Check] = &[("docs/conformance.md", conformance::write)];

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Integration => "integration",
            Self::Docs => "docs",
            Self::Examples => "examples",
            Self::E2e => "e2e",
            Self::Conformance => "conformance",
            Self::Browsers => "browsers",
            Self::Force => "force",
            Self::Soak => "soak",
            Self::Upgrade => "upgrade",
        }
    }

    /// Whether it runs where no part is named.
    fn is_usual(self) -> bool {
        !matches!(self, Self::Browsers | Self::Force | Self::Soak | Self::Upgrade)
    }

    /// How long it takes on two cores with the dependencies compiled, as measured last (`docs/figures.md`).
    fn takes(self) -> Duration {
        let seconds = match self {
            Self::Lint => 60,
            Self::Unit => 51,
            Self::Integration => 264,
            Self::Docs => 36,
            Self::Examples => 137,
            Self::E2e => 337,
            Self::Conformance => 0,
            Self::Browsers | Self::Upgrade => 600,
            Self::Force => 900,
            Self::Soak => 4200,
        };
        Duration::from_secs(seconds)
    }

    fn checks(self, browser: Browser) -> &'static [Check] {
        match self {
            Self::Lint => rust::LINT,
            Self::Unit => rust::UNIT,
            Self::Integration => integration::CHECKS,
            Self::Docs => rust::DOCS,
            Self::Examples => examples::CHECKS,
            Self::E2e => end_to_end::checks(browser),
            Self::Conformance => CONFORMANCE,
            Self::Browsers => end_to_end::ALL_BROWSERS,
            Self::Force => force::CHECKS,
            Self::Soak => soak::CHECKS,
            Self::Upgrade => upgrade::CHECKS,
        }
    }
}

/// How one part went.
struct Outcome {
    part: Part,
    failed: Vec<&'static str>,
}

/// Runs the parts, `e2e` in this browser, `soak` for this many minutes and `upgrade` from this revision; if none is named, all usual ones.
pub(crate) fn run(project: &Project, parts: &[Part], browser: Browser, minutes: u32, from: Option<&str>) -> ExitCode {
    soak::last(minutes);
    let usual: Vec<Part> = Part::value_variants()
        .iter()
        .copied()
        .filter(|part| part.is_usual())
        .collect();
    let parts = if parts.is_empty() {
        if let Err(error) = conformance::forget(project) {
            println!("the outcomes of an earlier run cannot be removed: {error:#}");
        }
        &usual
    } else {
        parts
    };
    println!("{}", announcement(parts));
    let started = Instant::now();
    let outcomes: Vec<Outcome> = parts
        .iter()
        .map(|part| run_part(project, *part, browser, from))
        .collect();
    print!("\n{}", summary(&outcomes));
    println!("{}", progress::seconds(started.elapsed()));
    if outcomes.iter().all(|outcome| outcome.failed.is_empty()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The opening line: the parts, and about how long they take.
fn announcement(parts: &[Part]) -> String {
    let each = parts.iter().map(|part| {
        let takes = part.takes();
        if takes.is_zero() {
            part.name().to_owned()
        } else {
            format!("{} {}", part.name(), progress::seconds(takes))
        }
    });
    let each = each.collect::<Vec<_>>().join(", ");
    let total: Duration = parts.iter().map(|part| part.takes()).sum();
    if total.is_zero() {
        return format!("{each}: seconds");
    }
    let total = progress::seconds(total);
    format!("{each}: about {total} in all on two cores with the dependencies compiled, longer in a fresh clone")
}

fn run_part(project: &Project, part: Part, browser: Browser, from: Option<&str>) -> Outcome {
    let mut failed = Vec::new();
    for (check, run) in part.checks(browser) {
        println!("\n== {}: {check}", part.name());
        let started = Instant::now();
        let outcome = if part == Part::Upgrade {
            upgrade::run(project, from)
        } else {
            run(project)
        };
        if let Err(error) = outcome {
            println!("== {}: {check} failed: {error:#}", part.name());
            failed.push(*check);
        } else {
            println!("== passed in {}", progress::seconds(started.elapsed()));
        }
    }
    Outcome { part, failed }
}

/// The closing lines: the failing parts with their failing checks, then the counts.
fn summary(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    let failing: Vec<&Outcome> = outcomes.iter().filter(|one| !one.failed.is_empty()).collect();
    for outcome in &failing {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "failed: {} ({})", outcome.part.name(), outcome.failed.join("; "));
    }
    let passed = outcomes.len() - failing.len();
    let _ = writeln!(text, "parts: {passed} passed, {} failed", failing.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_name_what_failed_and_count_the_parts() {
        let outcomes = [
            Outcome {
                part: Part::Lint,
                failed: vec!["formatting", "clippy"],
            },
            Outcome {
                part: Part::Unit,
                failed: Vec::new(),
            },
            Outcome {
                part: Part::E2e,
                failed: vec!["Chromium"],
            },
        ];
        assert_eq!(
            summary(&outcomes),
            "failed: lint (formatting; clippy)\nfailed: e2e (Chromium)\nparts: 1 passed, 2 failed\n"
        );
    }

    #[test]
    fn the_opening_line_names_the_parts_and_how_long_they_take_together() {
        let line = announcement(&[Part::Lint, Part::Docs, Part::Conformance]);
        let expected = "lint 1 min 00 s, docs 36.0 s, conformance: about 1 min 36 s in all";
        assert!(line.starts_with(expected), "{line}");
        assert_eq!(announcement(&[Part::Conformance]), "conformance: seconds");
    }

    #[test]
    fn every_part_checks_something_in_every_browser() {
        for part in Part::value_variants() {
            for browser in Browser::value_variants() {
                assert!(!part.checks(*browser).is_empty(), "{} {browser:?}", part.name());
            }
        }
    }

    #[test]
    fn parts_that_take_long_run_only_where_they_are_named() {
        let named: Vec<_> = Part::value_variants().iter().filter(|part| !part.is_usual()).collect();
        assert_eq!(named, [&Part::Browsers, &Part::Force, &Part::Soak, &Part::Upgrade]);
    }
}
