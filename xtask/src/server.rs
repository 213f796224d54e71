//! The server's build.

use crate::command;
use crate::project::{Profile, Project, SERVER_SIDE};
use anyhow::Result;
use std::path::PathBuf;

/// Builds the binary `bff` and returns its path. With `development_provider` it contains the
/// provider for development (cargo feature `dev`); a shipped one never does.
pub(crate) fn build(project: &Project, profile: Profile, development_provider: bool) -> Result<PathBuf> {
    let mut cargo = project.cargo();
    cargo.args(["build", "--package", "server", "--bin", "bff"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    if development_provider {
        cargo.args(["--features", "dev"]);
    }
    command::run(&mut cargo)?;
    Ok(project.server_binary(profile))
}

/// Builds the binary `bff` that the tests of the server start, and returns its path. Its dependencies have the features
/// that they have in tests. A build of its own would compile most of them, and the server, once more.
pub(crate) fn build_for_tests(project: &Project) -> Result<PathBuf> {
    let mut cargo = project.cargo();
    cargo.args(["test", "--no-run"]).args(SERVER_SIDE);
    // Cargo builds a package's programs for its integration tests; this is the smallest that there is.
    command::run(cargo.args(["--test", "force"]))?;
    Ok(project.server_binary(Profile::Development))
}
