//! The part that takes an hour: `server/tests/force/soak.rs` with a release build, its figures as a page and its samples as a graph.

mod graph;

use super::{Check, force};
use crate::command;
use crate::files;
use crate::prerequisites;
use crate::project::{Profile, Project, SERVER_SIDE};
use crate::server;
use anyhow::Result;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const CHECKS: &[Check] = &[("sessions, streams and restarts for an hour", run)];

const PAGE: &str = "docs/soak.md";

const GRAPH: &str = "docs/soak.svg";

/// A check is given the project alone.
static MINUTES: AtomicU32 = AtomicU32::new(60);

/// Chooses how long the next run takes.
pub(super) fn last(minutes: u32) {
    MINUTES.store(minutes, Ordering::Relaxed);
}

fn run(project: &Project) -> Result<()> {
    let redis_server = prerequisites::redis_server()?;
    let bff = server::build(project, Profile::Release, false)?;
    let (figures, samples) = (project.work().join("soak.tsv"), project.work().join("samples.tsv"));
    files::write(&figures, b"")?;
    files::write(&samples, b"")?;
    let mut cargo = project.cargo();
    cargo.args(["test"]).args(SERVER_SIDE).args([
        "--test",
        "force",
        "--",
        "--nocapture",
        "--include-ignored",
        "soak::an_hour",
    ]);
    // The test holds a connection for each stream, and shells often allow a program no more than 1,024 descriptors.
    let mut shell = project.command("sh");
    shell
        .args(["-c", "ulimit -n \"$(ulimit -H -n)\" && exec \"$@\"", "sh"])
        .arg(cargo.get_program())
        .args(cargo.get_args())
        .envs(cargo.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("REDIS_SERVER", redis_server)
        .env("BFF_BINARY", bff)
        .env("SOAK_MINUTES", MINUTES.load(Ordering::Relaxed).to_string())
        .env("SOAK_SAMPLES", &samples)
        .env("FORCE_FIGURES", &figures);
    let outcome = command::run(&mut shell);
    let (figures, samples) = (files::read(&figures)?, files::read(&samples)?);
    let today = command::output(Command::new("date").args(["-u", "+%F"]))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let page = page(&String::from_utf8_lossy(&figures), today.trim(), cores);
    println!("\n{page}");
    outcome?;
    // Figures of a run that failed are nothing to keep.
    files::write(&project.path(PAGE), page.as_bytes())?;
    let graph = graph::draw(&String::from_utf8_lossy(&samples));
    files::write(&project.path(GRAPH), graph.as_bytes())
}

fn page(figures: &str, date: &str, cores: usize) -> String {
    format!(
        "# Soak\n\nWritten by `cargo xtask test soak` on {date}, on a machine with {cores} cores that ran three replicas, Redis, the \
         provider\nand the load. The replicas are release builds. Replica 0 runs the whole time and is measured; the other two are \
         ended and\nstarted again in turn. The test fails if memory, descriptors or Redis grow by more than 5 % after the first \
         third, if a request\nfails, or if a session is lost: `server/tests/force/soak.rs`.\n\n![Memory, descriptors, Redis and \
         streams over time](soak.svg)\n{}",
        force::tables(figures)
    )
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_page_has_the_graph_and_the_table() {
        let page = page("soak\tsessions\t10000\n", "2026-01-02", 2);
        assert!(page.contains("on 2026-01-02, on a machine with 2 cores"), "{page}");
        assert!(
            page.contains("(soak.svg)\n\n## Soak\n\n| what | figure |\n|---|---|\n| sessions | 10000 |\n"),
            "{page}"
        );
    }
}
