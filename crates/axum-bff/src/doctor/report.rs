//! The report, and its printed form: a line for each check, then the list of things to mend.

use oidc_relying_party::HttpError;
use std::fmt;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// As it should be.
    Ok,
    /// Sign-in can work, and something else will not, or not well.
    Warning,
    /// Sign-in cannot work.
    Wrong,
    /// Sign-in depends on it, and it could not be checked.
    Untold,
    /// Nothing to judge.
    Note,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
            Self::Untold => "unknown",
            Self::Note => "-",
        }
    }
}

#[derive(Debug)]
struct Check {
    verdict: Verdict,
    name: String,
    found: String,
    mend: Option<String>,
}

#[derive(Debug)]
enum Line {
    Section(&'static str),
    Check(Check),
}

/// The outcome of [`doctor`](fn@crate::doctor): all checks in their order, and the list of things to mend. Print it.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// Begins a group of checks.
    pub(super) fn section(&mut self, title: &'static str) {
        self.lines.push(Line::Section(title));
    }

    pub(super) fn ok(&mut self, name: &str, found: impl Into<String>) {
        self.add(Verdict::Ok, name, found.into(), None);
    }

    /// Something that sign-in depends on could not be told; the last line names it.
    pub(super) fn untold(&mut self, name: &str, found: impl Into<String>) {
        self.add(Verdict::Untold, name, found.into(), None);
    }

    /// Something to know.
    pub(super) fn note(&mut self, name: &str, found: impl Into<String>) {
        self.add(Verdict::Note, name, found.into(), None);
    }

    /// `mend` is the advice.
    pub(super) fn warning(&mut self, name: &str, found: impl Into<String>, mend: impl Into<String>) {
        self.add(Verdict::Warning, name, found.into(), Some(mend.into()));
    }

    /// Sign-in cannot work; `mend` is the advice.
    pub(super) fn wrong(&mut self, name: &str, found: impl Into<String>, mend: impl Into<String>) {
        self.add(Verdict::Wrong, name, found.into(), Some(mend.into()));
    }

    fn add(&mut self, verdict: Verdict, name: &str, found: String, mend: Option<String>) {
        let name = name.to_owned();
        self.lines.push(Line::Check(Check {
            verdict,
            name,
            found,
            mend,
        }));
    }

    fn checks(&self, verdict: Verdict) -> impl Iterator<Item = &Check> {
        self.lines.iter().filter_map(move |line| match line {
            Line::Check(check) if check.verdict == verdict => Some(check),
            _ => None,
        })
    }

    /// Whether no check found that sign-in cannot work.
    #[must_use]
    pub fn sign_in_can_work(&self) -> bool {
        self.checks(Verdict::Wrong).next().is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            match line {
                Line::Section(title) => writeln!(formatter, "\n{title}")?,
                Line::Check(check) => {
                    let (verdict, name, found) = (check.verdict.word(), &check.name, &check.found);
                    writeln!(formatter, "  {verdict:<8} {name:<22} {found}")?;
                    if let Some(mend) = check.mend.as_ref().filter(|_| check.verdict == Verdict::Wrong) {
                        writeln!(formatter, "           {:<22} to mend: {mend}", "")?;
                    }
                }
            }
        }
        let (wrong, warnings) = (
            self.checks(Verdict::Wrong).count(),
            self.checks(Verdict::Warning).count(),
        );
        let untold: Vec<&str> = self.checks(Verdict::Untold).map(|check| check.name.as_str()).collect();
        match (wrong, warnings, untold.is_empty()) {
            (0, 0, true) => writeln!(formatter, "\nSign-in can work, and there is nothing to mend.")?,
            (0, 0, false) => writeln!(formatter, "\nNo fault was found.")?,
            (0, _, true) => writeln!(formatter, "\nSign-in can work. Worth mending:")?,
            (0, _, false) => writeln!(
                formatter,
                "\nNo fault was found that keeps people from signing in. Worth mending:"
            )?,
            _ => writeln!(formatter, "\nSign-in cannot work as it is. To mend:")?,
        }
        let to_mend = self.checks(Verdict::Wrong).chain(self.checks(Verdict::Warning));
        for (index, check) in to_mend.enumerate() {
            let mend = check.mend.as_deref().unwrap_or_default();
            writeln!(
                formatter,
                "  {}. {} ({}): {mend}",
                index + 1,
                check.name,
                check.verdict.word()
            )?;
        }
        if untold.is_empty() {
            return Ok(());
        }
        let untold = untold.join(", ");
        writeln!(formatter, "\nUnknown until somebody signs in: {untold}.")
    }
}

/// Foreign text on one line, cut if it is long, and without control characters.
pub(super) fn quoted(text: &str) -> String {
    const LIMIT: usize = 200;
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    let shown: String = text.chars().take(LIMIT).map(printable).collect();
    let cut = if text.chars().nth(LIMIT).is_some() { "..." } else { "" };
    format!("{shown}{cut}")
}

/// The innermost cause of an error. If the port speaks no TLS, the innermost words
/// are those of a TLS library, and the outer ones say it.
pub(super) fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        if matches!(innermost.downcast_ref(), Some(HttpError::NotTls(_))) {
            break;
        }
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_question_is_named_in_the_last_line_and_no_line_says_that_sign_in_works() {
        let mut report = Report::default();
        report.ok("a", "fine");
        report.untold("client credentials", "the provider answers in its own way");
        report.untold("redirect URI", "the provider answers in its own way");
        for warned in [false, true] {
            if warned {
                report.warning("b", "odd", "look at b");
            }
            let text = report.to_string();
            assert!(report.sign_in_can_work(), "nothing is wrong");
            assert!(!text.contains("Sign-in can work"), "{text}");
            assert!(
                text.ends_with(" until somebody signs in: client credentials, redirect URI.\n"),
                "{text}"
            );
        }
    }

    #[test]
    fn errors_come_first_in_the_list_of_things_to_mend() {
        let mut report = Report::default();
        report.section("Here");
        report.ok("a", "fine");
        report.warning("b", "odd", "look at b");
        assert!(report.sign_in_can_work());
        assert!(
            report
                .to_string()
                .ends_with("Worth mending:\n  1. b (warning): look at b\n")
        );
        report.wrong("c", "broken", "repair c");
        assert!(!report.sign_in_can_work());
        let text = report.to_string();
        assert!(text.contains("\n  wrong    c                      broken\n"), "{text}");
        assert!(
            text.ends_with("To mend:\n  1. c (wrong): repair c\n  2. b (warning): look at b\n"),
            "{text}"
        );
    }
}
