//! The part with the programs in the crates' folders `tests`.

use super::Check;
use crate::command;
use crate::conformance;
use crate::prerequisites;
use crate::project::{Project, SERVER_SIDE};
use crate::unpacked;
use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::process::Command;
use std::thread;

pub(super) const CHECKS: &[Check] = &[("server side", run), ("spans at a collector", traces)];

/// These tests mostly wait: for a server that starts, for a time-out, for a Redis that was killed. With one
/// test for each core, two thirds of the cores' time were unused.
const TESTS_FOR_EACH_CORE: usize = 3;

/// Its scenarios wait for each other and for real time, so that this program takes as long as most of the others together.
/// It runs beside them.
const FORCE: &str = "force";

fn run(project: &Project) -> Result<()> {
    let redis_server = prerequisites::redis_server()?;
    let proxies = unpacked::proxies(project);
    let left_out = proxies.left_out.iter().copied().chain(namespace_tests());
    let skipped: Vec<&str> = left_out.flat_map(|test| ["--skip", test]).collect();
    let test = |names: &BTreeSet<String>| {
        let mut cargo = cargo(project);
        cargo.env("REDIS_SERVER", &redis_server);
        cargo.envs(proxies.environment.iter().map(|(name, path)| (name, path)));
        cargo.args(names.iter().flat_map(|name| ["--test", name.as_str()]));
        cargo.arg("--");
        cargo.args(&skipped);
        if std::env::var_os("RUST_TEST_THREADS").is_none() {
            let cores = thread::available_parallelism().map_or(1, usize::from);
            cargo.env("RUST_TEST_THREADS", (TESTS_FOR_EACH_CORE * cores).to_string());
        }
        cargo
    };
    command::run(cargo(project).args(["--no-run", "--test", "*"]))?;
    let mut others = programs(project)?;
    let force = others.take(FORCE).context("there is no test program `force`")?;
    let (force, others) = thread::scope(|scope| {
        let mut force = test(&BTreeSet::from([force]));
        let force = scope.spawn(move || conformance::run_recorded_beside(project, FORCE, &mut force));
        let others = conformance::run_recorded(project, "integration", &mut test(&others));
        (force.join(), others)
    });
    others.and(force.map_err(|_| anyhow!("the thread that ran `{FORCE}` panicked"))?)
}

/// The feature adds an exporter to the library, whose own tests run with it too.
fn traces(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["test", "--no-fail-fast", "--package", "axum-bff", "--features", "otlp"]);
    command::run(cargo.args(["--lib", "--test", "otlp"]))
}

/// The test that needs namespaces, where this system gives an ordinary user none: it is left out by name.
fn namespace_tests() -> Option<&'static str> {
    const TEST: &str = "in_a_root_of_its_own";
    let mut unshare = Command::new("unshare");
    let works = command::succeeds(unshare.args(["--user", "--map-root-user", "--mount", "true"]));
    if works {
        return None;
    }
    println!("      this system gives no namespaces: the test `…{TEST}…` is left out");
    Some(TEST)
}

fn cargo(project: &Project) -> Command {
    let mut cargo = project.cargo();
    cargo.args(["test", "--no-fail-fast"]).args(SERVER_SIDE);
    cargo
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The names of all test programs of the workspace.
fn programs(project: &Project) -> Result<BTreeSet<String>> {
    let printed =
        command::output(
            project
                .cargo()
                .args(["metadata", "--format-version", "1", "--no-deps", "--locked"]),
        )?;
    let metadata: Metadata = serde_json::from_str(&printed).context("the output of `cargo metadata` cannot be read")?;
    let targets = metadata.packages.into_iter().flat_map(|package| package.targets);
    let programs = targets.filter(|target| target.kind.iter().any(|kind| kind == "test"));
    Ok(programs.map(|target| target.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_programs_are_found_with_those_that_cargo_finds_by_itself() {
        let programs = programs(&Project::open()).expect("a workspace");
        for named in ["it", FORCE, "deploy", "below_a_path", "hostility"] {
            assert!(programs.contains(named), "{named}: {programs:?}");
        }
    }
}
