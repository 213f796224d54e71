//! The parts that cargo alone runs: lint, unit, docs.
//!
//! `app` and `leptos-bff` are rendered on the server with their feature `ssr` and hydrated with `hydrate`; cargo adds
//! up the features of everything built together, and both at once do not work. So `frontend` is
//! never in one command with the rest. All commands of the server's side name the same packages
//! and features, so that each reuses the artifacts of the one before.

use super::Check;
use crate::command;
use crate::conformance;
use crate::dependencies;
use crate::documents;
use crate::package;
use crate::project::{Project, SERVER_SIDE};
use crate::wasm::target;
use anyhow::{Result, ensure};
use std::process::Command;

pub(super) const LINT: &[Check] = &[
    ("formatting", |project| {
        command::run(project.cargo().args(["fmt", "--all", "--check"]))
    }),
    ("clippy, server side", |project| {
        deny_warnings(project.cargo().arg("clippy").args(SERVER_SIDE).arg("--all-targets"))
    }),
    ("clippy, with the provider for development", clippy_development),
    ("clippy, xtask", |project| {
        deny_warnings(project.cargo().args(["clippy", "--package", "xtask", "--all-targets"]))
    }),
    // Clippy on the front end and, as its dependency in the workspace, on the hydrated pages.
    ("clippy, WASM side", |project| {
        let mut cargo = target::prepare(project)?.cargo(project, "clippy");
        deny_warnings(cargo.args(["--package", "frontend", "--lib"]))
    }),
    ("licences, bans and sources of dependencies", dependencies::check),
    ("spelling, and dependencies that nothing uses", where_installed),
    ("axum-bff without Leptos", |project| without_leptos(project, "axum-bff")),
    ("the crates can be packaged", package::every_crate),
    ("every requirement has a test or a reason", conformance::check),
];

pub(super) const UNIT: &[Check] = &[
    ("server side", |project| {
        let mut cargo = project.cargo();
        cargo.args(["test", "--no-fail-fast"]).args(SERVER_SIDE);
        conformance::run_recorded(project, "unit", cargo.args(["--lib", "--bins", "--examples"]))
    }),
    ("xtask", |project| {
        let mut cargo = project.cargo();
        cargo.args(["test", "--no-fail-fast", "--package", "xtask", "--bins"]);
        conformance::run_recorded(project, "xtask", &mut cargo)
    }),
];

pub(super) const DOCS: &[Check] = &[
    ("links and settings of the pages", documents::check),
    // With the examples, for the reason that `clippy_development` gives.
    ("documentation, server side", |project| {
        let mut cargo = project.cargo();
        cargo.args(["doc", "--no-deps"]).args(SERVER_SIDE);
        document(cargo.args(["--lib", "--bins", "--examples"]))
    }),
    ("documentation, xtask", |project| {
        document(project.cargo().args(["doc", "--no-deps", "--package", "xtask"]))
    }),
    ("examples in the documentation", |project| {
        command::run(
            project
                .cargo()
                .args(["test", "--no-fail-fast", "--doc"])
                .args(SERVER_SIDE),
        )
    }),
];

/// The features change libraries and programs, and no test. The examples are named so that cargo gives dependencies the
/// features that they have in tests, and checks none of them once more.
fn clippy_development(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.arg("clippy").args(SERVER_SIDE);
    deny_warnings(cargo.args(["--features", "server/dev,server/otlp", "--lib", "--bins", "--examples"]))
}

/// Two programs that judge text alone. The hosted workflow installs them; compiling them here would take as long as a part of
/// the tests.
fn where_installed(project: &Project) -> Result<()> {
    for program in ["typos", "cargo-machete"] {
        match command::find(program) {
            Some(found) => command::run(&mut project.command(found))?,
            None => println!("      no {program} here: the hosted workflow runs it"),
        }
    }
    Ok(())
}

/// Neither the package nor its tests have Leptos in their tree.
pub(super) fn without_leptos(project: &Project, package: &str) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["tree", "--locked", "--package", package]);
    let tree = command::output(cargo.args(["--edges", "normal,dev", "--prefix", "none"]))?;
    let has_leptos = tree.lines().any(|line| line.starts_with("leptos"));
    ensure!(!has_leptos, "leptos is among the dependencies of {package}");
    Ok(())
}

pub(super) fn deny_warnings(clippy: &mut Command) -> Result<()> {
    command::run(clippy.args(["--", "--deny", "warnings"]))
}

fn document(cargo: &mut Command) -> Result<()> {
    command::run(cargo.env("RUSTDOCFLAGS", "--deny warnings"))
}
