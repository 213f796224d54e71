//! Debian's Rust toolchain, which knows wasm32 and brings the standard library as source.
//!
//! It lives in `/usr` next to rustup's toolchain and takes nothing from it, so a project whose
//! server is compiled by rustup's stable can have its WASM compiled here.

use crate::apt;
use crate::command;
use crate::project::{ERASED_VIEWS, Project};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// The compiler.
pub(crate) const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const CLIPPY: &str = "/usr/bin/cargo-clippy";
/// A link of the package `rust-web-llvm`; it leads to the linker of a package `lld-<major>`.
const LINKER: &str = "/usr/bin/rust-lld";
/// The compiler, cargo, the standard library's source, the linker's link, clippy.
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
];

/// Installs the missing parts of the toolchain.
pub(crate) fn install() -> Result<()> {
    apt::install(&apt::missing(&PACKAGES))?;
    if !Path::new(LINKER).exists() {
        // Only the installed compiler tells which linker it wants.
        let compiler = command::output(Command::new(RUSTC).arg("-vV"))?;
        let linker = llvm_major(&compiler).map(|major| format!("lld-{major}"));
        apt::install(linker.as_slice())?;
    }
    Ok(())
}

/// The major version in the line `LLVM version: 22.1.8` of `rustc -vV`.
fn llvm_major(compiler: &str) -> Option<u32> {
    let version = compiler.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    version.split('.').next()?.trim().parse().ok()
}

/// Debian's cargo, or its `cargo-clippy`, without the variables of the outer cargo.
pub(crate) fn cargo(project: &Project, subcommand: &str) -> Command {
    // Cargo looks for subcommands in its home folder first, and would find rustup's clippy there.
    let program = if subcommand == "clippy" { CLIPPY } else { CARGO };
    let mut command = project.command(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(belongs_to_another_toolchain) {
            command.env_remove(name);
        }
    }
    command.env("CARGO", CARGO).env("RUSTC", RUSTC);
    command.env("RUSTFLAGS", ERASED_VIEWS);
    command
}

/// Whether a variable of the environment speaks of the toolchain that runs this program.
fn belongs_to_another_toolchain(name: &str) -> bool {
    const NAMES: [&str; 3] = ["CARGO", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH"];
    const PREFIXES: [&str; 4] = ["CARGO_BUILD_RUST", "CARGO_BUILD_TARGET", "CARGO_PKG_", "RUST"];
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_is_the_one_of_the_compilers_llvm() {
        let compiler = "rustc 1.96.0\nbinary: rustc\nrelease: 1.96.0\nLLVM version: 22.1.8\n";
        assert_eq!(llvm_major(compiler), Some(22));
        assert_eq!(llvm_major(""), None);
    }

    #[test]
    fn the_outer_cargo_is_not_heard_and_the_registry_settings_are_kept() {
        for name in [
            "CARGO",
            "RUSTC_WRAPPER",
            "RUSTUP_TOOLCHAIN",
            "CARGO_PKG_NAME",
            "RUSTFLAGS",
        ] {
            assert!(belongs_to_another_toolchain(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_BUILD_JOBS", "CARGO_NET_OFFLINE", "PATH"] {
            assert!(!belongs_to_another_toolchain(name), "{name}");
        }
    }
}
