//! `cargo xtask run`: builds everything and becomes the server.

use crate::frontend;
use crate::progress::Steps;
use crate::project::{Profile, Project};
use crate::server;
use anyhow::Result;
use std::process::{Command, ExitCode};

/// Builds front end and server, and runs the server until it ends. Without `BFF_ISSUER` the
/// server brings its development provider; with it, it takes its settings from the environment.
pub(crate) fn run(project: &Project, profile: Profile) -> Result<ExitCode> {
    let development = std::env::var_os("BFF_ISSUER").is_none_or(|issuer| issuer.is_empty());
    let mut steps = Steps::new(frontend::STEPS + 2);
    frontend::build(project, profile, &mut steps)?;
    let binary = steps.step(&format!("the server ({})", profile.name()), || {
        server::build(project, profile, development)
    })?;
    steps.announce(if development {
        "starting, with the development provider (BFF_ISSUER is not set)"
    } else {
        "starting, with the provider of BFF_ISSUER"
    });
    let mut bff = project.command(binary);
    bff.env("BFF_SITE", project.site(profile));
    if development {
        develop(&mut bff, project);
    }
    become_program(&mut bff)
}

/// Has a server bring the development provider, and keep sessions over its restarts unless `DEV_STATE` says otherwise.
pub(crate) fn develop(server: &mut Command, project: &Project) {
    server.arg("--development");
    if std::env::var_os("DEV_STATE").is_none() {
        server.env("DEV_STATE", project.target().join("development"));
    }
}

/// Replaces this process, so that Ctrl-C and every other signal reach the server itself.
#[cfg(unix)]
pub(crate) fn become_program(command: &mut Command) -> Result<ExitCode> {
    use anyhow::Context as _;
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(error).with_context(|| format!("`{}` could not be started", command.get_program().to_string_lossy()))
}

/// Runs the program as a child: where a process cannot be replaced, Ctrl-C goes to all processes
/// of the console, and the child's end is this one's.
#[cfg(not(unix))]
pub(crate) fn become_program(command: &mut Command) -> Result<ExitCode> {
    crate::command::run(command).map(|()| ExitCode::SUCCESS)
}
