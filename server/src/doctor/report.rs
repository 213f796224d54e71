//! What was found, and how it is printed: a line for each check, then all that is to be mended.

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
    /// Nothing to judge, or nothing that can be told.
    Note,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
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

/// All checks, in their order.
#[derive(Debug, Default)]
pub(super) struct Report {
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

    /// Something to know, or that could not be told.
    pub(super) fn note(&mut self, name: &str, found: impl Into<String>) {
        self.add(Verdict::Note, name, found.into(), None);
    }

    /// `mend` says what to do about it.
    pub(super) fn warning(&mut self, name: &str, found: impl Into<String>, mend: impl Into<String>) {
        self.add(Verdict::Warning, name, found.into(), Some(mend.into()));
    }

    /// Sign-in cannot work; `mend` says what to do about it.
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

    /// Whether nothing is wrong.
    pub(super) fn sign_in_can_work(&self) -> bool {
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
        match (wrong, warnings) {
            (0, 0) => return writeln!(formatter, "\nSign-in can work, and nothing is to be mended."),
            (0, _) => writeln!(formatter, "\nSign-in can work. Worth mending:")?,
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_comes_first_in_what_is_to_be_mended() {
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
