//! The parts that cargo runs: lint, unit, integration, docs.
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
use crate::prerequisites;
use crate::project::{Project, SERVER_SIDE};
use crate::wasm::target;
use anyhow::{Result, ensure};
use std::process::Command;

pub(super) const LINT: &[Check] = &[
    Check {
        name: "formatting",
        run: formatting,
    },
    Check {
        name: "clippy, server side",
        run: clippy_server_side,
    },
    Check {
        name: "clippy, with the provider for development",
        run: clippy_development,
    },
    Check {
        name: "clippy, xtask",
        run: clippy_xtask,
    },
    Check {
        name: "clippy, WASM side",
        run: clippy_wasm,
    },
    Check {
        name: "licences, bans and sources of dependencies",
        run: dependencies::check,
    },
    Check {
        name: "spelling, and dependencies that nothing uses",
        run: where_installed,
    },
    Check {
        name: "axum-bff without Leptos",
        run: without_leptos,
    },
    Check {
        name: "the crates can be packaged",
        run: packages,
    },
    Check {
        name: "every requirement has a test or a reason",
        run: conformance::check,
    },
];

pub(super) const UNIT: &[Check] = &[
    Check {
        name: "server side",
        run: unit_server_side,
    },
    Check {
        name: "xtask",
        run: unit_xtask,
    },
];

pub(super) const INTEGRATION: &[Check] = &[Check {
    name: "server side",
    run: integration,
}];

pub(super) const DOCS: &[Check] = &[
    Check {
        name: "links and settings of the pages",
        run: documents::check,
    },
    Check {
        name: "documentation, server side",
        run: documentation_server_side,
    },
    Check {
        name: "documentation, xtask",
        run: documentation_xtask,
    },
    Check {
        name: "examples in the documentation",
        run: doctests,
    },
];

fn formatting(project: &Project) -> Result<()> {
    command::run(project.cargo().args(["fmt", "--all", "--check"]))
}

fn clippy_server_side(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.arg("clippy").args(SERVER_SIDE).arg("--all-targets");
    deny_warnings(cargo)
}

/// The feature changes libraries and programs, and no test. The examples are named so that cargo gives dependencies the
/// features that they have in tests, and checks none of them once more.
fn clippy_development(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo
        .arg("clippy")
        .args(SERVER_SIDE)
        .args(["--features", "server/dev", "--lib", "--bins", "--examples"]);
    deny_warnings(cargo)
}

fn clippy_xtask(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["clippy", "--package", "xtask", "--all-targets"]);
    deny_warnings(cargo)
}

/// Clippy on the front end and, as its dependency in the workspace, on the hydrated pages.
fn clippy_wasm(project: &Project) -> Result<()> {
    let toolchain = target::prepare(project)?;
    let mut cargo = toolchain.cargo(project, "clippy");
    cargo.args(["--package", "frontend", "--lib"]);
    deny_warnings(cargo)
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

/// Neither the crate nor its tests have Leptos in their tree.
fn without_leptos(project: &Project) -> Result<()> {
    let tree = command::output(project.cargo().args([
        "tree",
        "--locked",
        "--package",
        "axum-bff",
        "--edges",
        "normal,dev",
        "--prefix",
        "none",
    ]))?;
    ensure!(
        !tree.lines().any(|line| line.starts_with("leptos")),
        "leptos is among the dependencies of crates/axum-bff"
    );
    Ok(())
}

/// As they would be published. Other checks have compiled the code in a package, so this one does not.
fn packages(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args([
        "package",
        "--locked",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
        "--workspace",
    ]);
    for demonstration in ["app", "frontend", "server", "xtask"] {
        cargo.args(["--exclude", demonstration]);
    }
    command::run(&mut cargo)
}

fn deny_warnings(mut clippy: Command) -> Result<()> {
    command::run(clippy.args(["--", "--deny", "warnings"]))
}

fn unit_server_side(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--no-fail-fast"])
        .args(SERVER_SIDE)
        .args(["--lib", "--bins", "--examples"]);
    conformance::run_recorded(project, "unit", &mut cargo)
}

fn unit_xtask(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["test", "--no-fail-fast", "--package", "xtask", "--bins"]);
    conformance::run_recorded(project, "xtask", &mut cargo)
}

fn integration(project: &Project) -> Result<()> {
    let redis_server = prerequisites::redis_server()?;
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--no-fail-fast"])
        .args(SERVER_SIDE)
        .args(["--test", "*"])
        .env("REDIS_SERVER", redis_server);
    conformance::run_recorded(project, "integration", &mut cargo)
}

/// With the examples, for the reason that [`clippy_development`] gives.
fn documentation_server_side(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo
        .args(["doc", "--no-deps"])
        .args(SERVER_SIDE)
        .args(["--lib", "--bins", "--examples"]);
    document(cargo)
}

fn documentation_xtask(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["doc", "--no-deps", "--package", "xtask"]);
    document(cargo)
}

fn document(mut cargo: Command) -> Result<()> {
    command::run(cargo.env("RUSTDOCFLAGS", "--deny warnings"))
}

fn doctests(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["test", "--no-fail-fast", "--doc"]).args(SERVER_SIDE);
    command::run(&mut cargo)
}
