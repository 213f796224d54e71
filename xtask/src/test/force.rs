//! The part that takes minutes: `server/tests/force` in its long versions, and its figures as a page.

use super::Check;
use crate::command;
use crate::files;
use crate::prerequisites;
use crate::project::{Project, SERVER_SIDE};
use anyhow::Result;
use std::fmt::Write as _;
use std::process::Command;

pub(super) const CHECKS: &[Check] = &[("replicas, Redis and provider under load", run)];

/// Where the figures are kept.
const PAGE: &str = "docs/force.md";

/// The explanation that the figures need.
const READING: &str = "
How long a failover takes is for the sentinels to say. Here they take 0.7 s to hold a primary for dead, vote on which of
them acts, promote the replica (1.1 s after the death), and name it to others a good half second later. Usually one vote
decides, and every session works again after 2.0 to 2.4 s, also while twelve busy loops take both cores; 3.0 s when an
attempt to connect waited up to a second for the next. 15.1 s have been measured once. That fits two votes that no sentinel
won: each costs twice their `failover-timeout`, 6 s here, and with the default of Redis (180000) six minutes. The number of
votes is a figure now, so that such a run explains itself.

\"Answered within, 99 %\" is the speed of an unoptimised build beside what else the machine does. In the short version: 0.23 s
alone, 0.27 s beside two busy loops, 0.76 s beside twelve. 2.7 s have been measured beside other work.
";

fn run(project: &Project) -> Result<()> {
    let redis_server = prerequisites::redis_server()?;
    let figures = project.work().join("force.tsv");
    files::write(&figures, b"")?;
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--no-fail-fast"])
        .args(SERVER_SIDE)
        .args(["--test", "force", "--", "--nocapture"])
        .env("REDIS_SERVER", redis_server)
        .env("FORCE", "long")
        .env("FORCE_FIGURES", &figures);
    let outcome = command::run(&mut cargo);
    let text = files::read(&figures)?;
    // The day in UTC, as `2026-02-28`.
    let today = command::output(Command::new("date").args(["-u", "+%F"]))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let page = page(&String::from_utf8_lossy(&text), today.trim(), cores);
    println!("\n{page}");
    outcome?;
    // Figures of a run that failed are nothing to keep.
    files::write(&project.path(PAGE), page.as_bytes())
}

/// The page, from lines of scenario, name and figure with tabs between.
fn page(figures: &str, date: &str, cores: usize) -> String {
    let mut page = format!(
        "# Proof by force\n\nWritten by `cargo xtask test force` on {date}, on a machine with {cores} cores that ran \
         replicas, Redis,\nprovider and load, all unoptimised builds but Redis. What each scenario does and holds: \
         `server/tests/force`.\n{READING}"
    );
    page.push_str(&tables(figures));
    page
}

/// A table for each scenario, from lines of scenario, name and figure with tabs between.
pub(super) fn tables(figures: &str) -> String {
    let mut page = String::new();
    let mut current = "";
    for line in figures.lines() {
        let mut parts = line.split('\t');
        let (Some(scenario), Some(name), Some(figure)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        if scenario != current {
            // Writing to a String cannot fail.
            let _ = write!(page, "\n## {}\n\n| what | figure |\n|---|---|\n", capitalised(scenario));
            current = scenario;
        }
        let _ = writeln!(page, "| {name} | {figure} |");
    }
    page
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scenario_has_a_table() {
        let page = page("one\ta\t1\none\tb\t2\ntwo\tc\t3\n", "2026-01-02", 2);
        assert!(page.contains("on 2026-01-02, on a machine with 2 cores"));
        assert!(page.contains("## One\n\n| what | figure |\n|---|---|\n| a | 1 |\n| b | 2 |\n\n## Two\n"));
    }
}
