//! The front end in WASM: a compiler that knows the target, the build, wasm-bindgen, wasm-opt.

pub(crate) mod bindgen;
pub(crate) mod bundle;
pub(crate) mod debian;
mod names;
pub(crate) mod optimise;
pub(crate) mod rustup;
pub(crate) mod split;
pub(crate) mod standard;
pub(crate) mod target;

use crate::command;
use crate::project::{Profile, Project};
use anyhow::Result;
use standard::Standard;
use std::path::PathBuf;
use target::Toolchain;

/// The toolchain that compiles the front end, installed where it was missing.
pub(crate) fn prepare(project: &Project, profile: Profile) -> Result<(Toolchain, Standard)> {
    let toolchain = target::prepare(project)?;
    match profile {
        Profile::Development => Ok((toolchain, Standard::Ordinary)),
        Profile::Release => standard::prepare(project, toolchain),
    }
}

/// Compiles the front end and returns the WASM file, as the compiler left it.
pub(crate) fn compile(
    project: &Project,
    (toolchain, standard): (Toolchain, Standard),
    profile: Profile,
) -> Result<PathBuf> {
    let mut cargo = toolchain.cargo(project, "rustc");
    standard.apply(&mut cargo);
    cargo.args(["--package", "frontend", "--lib"]);
    let folder = match profile {
        Profile::Development => "debug",
        Profile::Release => {
            cargo.args(["--profile", "wasm-release"]);
            "wasm-release"
        }
    };
    split::link_for_it(&mut cargo);
    command::run(&mut cargo)?;
    Ok(toolchain
        .folder(project)
        .join(target::TRIPLE)
        .join(folder)
        .join("frontend.wasm"))
}
