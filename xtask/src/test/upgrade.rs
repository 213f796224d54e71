//! The part that replaces an earlier build by this one under load, and back: both run on one Redis (`server/tests/force`).

use super::Check;
use crate::command;
use crate::prerequisites;
use crate::project::{Profile, Project, SERVER_SIDE};
use crate::server;
use anyhow::{Context, Result};
use std::path::PathBuf;

pub(super) const CHECKS: &[Check] = &[("the upgrade from an earlier build, and the way back", of_newest_tag)];

fn of_newest_tag(project: &Project) -> Result<()> {
    run(project, None)
}

/// Runs it with the build of this revision; without one, of the newest tag.
pub(super) fn run(project: &Project, from: Option<&str>) -> Result<()> {
    let redis_server = prerequisites::redis_server()?;
    let commit = commit(project, from)?;
    println!("the earlier build is of {commit}");
    let program = build(project, &commit)?;
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--no-fail-fast"])
        .args(SERVER_SIDE)
        .args(["--test", "force", "upgrade", "--", "--ignored", "--nocapture"])
        .env("REDIS_SERVER", redis_server)
        .env("FORCE", "long")
        .env("UPGRADE_FROM", program);
    command::run(&mut cargo)
}

/// The commit that a revision names.
fn commit(project: &Project, from: Option<&str>) -> Result<String> {
    let revision = match from {
        Some(from) => from.to_owned(),
        None => command::output(project.command("git").args(["describe", "--tags", "--abbrev=0"])).context(
            "there is no tag to upgrade from: name a revision with `cargo xtask test upgrade --from <REVISION>`",
        )?,
    };
    let object = format!("{}^{{commit}}", revision.trim());
    let commit = command::output(
        project
            .command("git")
            .args(["rev-parse", "--verify", "--end-of-options", &object]),
    )
    .with_context(|| format!("{} is no revision of this repository", revision.trim()))?;
    Ok(commit.trim().to_owned())
}

/// Builds the program of a commit, in a worktree of its own. Both stay, so that the next run is quick.
fn build(project: &Project, commit: &str) -> Result<PathBuf> {
    let folder = project.target().join("upgrade");
    let worktree = folder.join(commit);
    if !worktree.exists() {
        // One that was deleted by hand is still in the list.
        command::run(project.command("git").args(["worktree", "prune"]))?;
        let mut git = project.command("git");
        git.args(["worktree", "add", "--detach"]).arg(&worktree).arg(commit);
        command::run(&mut git)?;
    }
    let earlier = Project::of(&worktree, Some(&folder.join("target")));
    server::build(&earlier, Profile::Development, false)
}
