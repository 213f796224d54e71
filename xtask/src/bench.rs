//! `cargo xtask bench`: what things cost, measured. Never part of the tests: a figure is no pass and no fail.

use crate::command::{self, CommandError};
use crate::prerequisites::{self, PrerequisiteError};
use crate::project::Project;
use clap::ValueEnum;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// A session: requests per second, store commands, memory, beside a plain route and the naive stack.
    Session,
}

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// Something that is needed is missing.
    #[error(transparent)]
    Prerequisite(#[from] PrerequisiteError),
    /// The benchmark was not built, or failed.
    #[error(transparent)]
    Command(#[from] CommandError),
}

/// Builds as for production and measures. `options` go to the benchmark as they are.
pub(crate) fn run(project: &Project, bench: Bench, options: &[String]) -> Result<(), BenchError> {
    let Bench::Session = bench;
    let redis_server = prerequisites::redis_server()?;
    let mut cargo = project.cargo();
    cargo
        .args([
            "bench",
            "--package",
            "server",
            "--features",
            "app/ssr",
            "--bench",
            "session",
            "--",
        ])
        .args(options)
        .env("REDIS_SERVER", redis_server);
    Ok(command::run(&mut cargo)?)
}
