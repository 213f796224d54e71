//! The part that a browser runs: Playwright's specifications in `end2end`.

use super::{Check, CheckError};
use crate::command;
use crate::conformance;
use crate::frontend;
use crate::node;
use crate::prerequisites;
use crate::progress::Steps;
use crate::project::{Profile, Project};
use crate::server;
use std::process::Command;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "Chromium and a certified provider",
    run,
}];

/// Builds the application without its own provider, which must not judge its own relying party,
/// and runs the specifications on it.
fn run(project: &Project) -> Result<(), CheckError> {
    playwright(project, false, &["test"])
}

/// Takes the pictures of the pages for the documentation, as the development provider's people see
/// them.
pub(super) fn screenshots(project: &Project) -> Result<(), CheckError> {
    playwright(project, true, &["test", "--config", "screenshots.config.ts"])
}

fn playwright(project: &Project, with_provider: bool, arguments: &[&str]) -> Result<(), CheckError> {
    let folder = project.path("end2end");
    let mut steps = Steps::new(frontend::STEPS + 3);
    let (chromium, redis_server) = steps.step("browser, Redis and Node.js", || {
        prerequisites::node()?;
        Ok::<_, CheckError>((prerequisites::chromium()?, prerequisites::redis_server()?))
    })?;
    frontend::build(project, Profile::Development, &mut steps)?;
    let bff = steps.step("the server (dev)", || {
        server::build(project, Profile::Development, with_provider)
    })?;
    steps.step("Playwright and the certified provider", || {
        node::install_packages(&folder)
    })?;
    let mut playwright = Command::new("npx");
    playwright
        .current_dir(&folder)
        .args(["--no-install", "playwright"])
        .args(arguments)
        .env("BFF_BINARY", bff)
        .env("BFF_SITE", project.site(Profile::Development))
        .env("CHROMIUM", chromium)
        .env("REDIS_SERVER", redis_server)
        .env("REPORT", conformance::playwright_report(project));
    Ok(command::run(&mut playwright)?)
}
