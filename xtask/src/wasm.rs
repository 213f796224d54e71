//! The front end in WASM: a compiler that knows the target, the build, wasm-bindgen, wasm-opt.

pub(crate) mod bindgen;
pub(crate) mod debian;
pub(crate) mod optimise;
pub(crate) mod target;

use crate::command::{self, CommandError};
use crate::project::{Profile, Project};
use std::path::PathBuf;
use target::Toolchain;

/// Compiles the front end and returns the WASM file, as the compiler left it.
pub(crate) fn compile(project: &Project, toolchain: Toolchain, profile: Profile) -> Result<PathBuf, CommandError> {
    let mut cargo = toolchain.cargo(project, "build");
    cargo.args(["--package", "frontend", "--lib"]);
    let folder = match profile {
        Profile::Development => "debug",
        Profile::Release => {
            cargo.args(["--profile", "wasm-release"]);
            "wasm-release"
        }
    };
    command::run(&mut cargo)?;
    Ok(project
        .wasm_target()
        .join(target::TRIPLE)
        .join(folder)
        .join("frontend.wasm"))
}
