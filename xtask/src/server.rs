//! The server's build.

use crate::command::{self, CommandError};
use crate::project::{Profile, Project};
use std::path::PathBuf;

/// Builds the binary `bff` and returns its path. With `development_provider` it contains the
/// provider for development (cargo feature `dev`); what is shipped never does.
pub(crate) fn build(project: &Project, profile: Profile, development_provider: bool) -> Result<PathBuf, CommandError> {
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
