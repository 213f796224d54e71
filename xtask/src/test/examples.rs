//! The applications in `examples`: workspaces of their own, checked as their users would.
//!
//! All share this workspace's target folder and, by their `Cargo.lock`, the versions of its dependencies.

use super::Check;
use super::rust::{deny_warnings, without_leptos};
use crate::application::{Application, STEPS};
use crate::command;
use crate::files;
use crate::new;
use crate::node;
use crate::prerequisites;
use crate::progress::Steps;
use crate::project::{Profile, Project};
use crate::wasm::target;
use anyhow::{Context, Result};
use std::path::Path;

pub(super) const CHECKS: &[Check] = &[
    ("spa, without Leptos", spa),
    ("my-app", |project| leptos(project, "my-app")),
    ("shop", |project| leptos(project, "shop")),
    ("shop, in Chromium", shop_in_a_browser),
    ("a new application", new_application),
];

/// An example as a project.
fn example(project: &Project, name: &str) -> Project {
    Project::of(&project.path("examples").join(name), Some(project.target()))
}

fn spa(project: &Project) -> Result<()> {
    let spa = example(project, "spa");
    without_leptos(&spa, "spa")?;
    server_side(&spa, &[])
}

fn leptos(project: &Project, name: &str) -> Result<()> {
    let example = example(project, name);
    server_side(&example, &["--features", "dev"])?;
    let toolchain = target::prepare(project)?;
    let mut clippy = toolchain.cargo(&example, "clippy");
    clippy.args(["--locked", "--lib", "--features", "hydrate"]);
    deny_warnings(&mut clippy)
}

/// Formatting, clippy and the tests.
fn server_side(example: &Project, features: &[&str]) -> Result<()> {
    command::run(example.cargo().args(["fmt", "--check"]))?;
    let mut clippy = example.cargo();
    clippy.args(["clippy", "--locked", "--all-targets"]).args(features);
    deny_warnings(&mut clippy)?;
    let mut test = example.cargo();
    command::run(test.args(["test", "--locked"]).args(features))
}

/// Builds the shop as `cargo xtask run` does in its folder, and opens its pages.
fn shop_in_a_browser(project: &Project) -> Result<()> {
    prerequisites::node()?;
    let chromium = prerequisites::chromium()?;
    let shop = application(project, &project.path("examples/shop"))?;
    let (binary, _) = shop.build(project, Profile::Development, true, &mut Steps::new(STEPS))?;
    command::run(
        node::playwright(project, &["test", "--config", "shop.config.ts"])?
            .env("SHOP_BINARY", binary)
            .env("SHOP_SITE", shop.site(Profile::Development))
            .env("CHROMIUM", chromium)
            .envs(prerequisites::headless_shell().map(|shell| ("CHROMIUM_HEADLESS_SHELL", shell))),
    )
}

/// Writes an application, builds both of its halves as `cargo xtask run` does there, and runs its tests.
fn new_application(project: &Project) -> Result<()> {
    let folder = project.work().join("new/bell-tower");
    files::remove(&folder)?;
    new::write(project, &folder, None)?;
    application(project, &folder)?.build(project, Profile::Development, true, &mut Steps::new(STEPS))?;
    let mut test = Project::of(&folder, Some(project.target())).cargo();
    command::run(test.args(["test", "--features", "dev"]))
}

fn application(project: &Project, folder: &Path) -> Result<Application> {
    let application = Application::of(folder, Some(project.target()))?;
    application.with_context(|| {
        format!(
            "{} does not have the layout of a cargo-leptos application",
            folder.display()
        )
    })
}
