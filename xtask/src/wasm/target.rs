//! Which compiler makes the WASM. Tried in this order, because each is more work than the last:
//! the active toolchain, if it has the target; `rustup target add`; the active toolchain with its
//! own `rust-src`; Debian's packages.

use super::debian;
use super::rustup::Addition;
pub(crate) use super::rustup::TRIPLE;
use crate::apt;
use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A compiler that can make the WASM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The active one: it has the target's standard library.
    Active,
    /// The active one, compiling the standard library from its `rust-src`.
    ActiveFromSource,
    /// Debian's, compiling the standard library from the package `rust-web-src`.
    Debian,
}

impl Toolchain {
    /// Cargo's target folder. The active toolchain shares the server's, so that macros and build scripts are
    /// compiled once. The others have their own: two compilers, or two standard libraries, would undo each other's work.
    pub(crate) fn folder(self, project: &Project) -> PathBuf {
        match self {
            Self::Active => project.target().to_owned(),
            Self::ActiveFromSource | Self::Debian => project.target().join("wasm"),
        }
    }

    /// A cargo subcommand for the target with this toolchain.
    pub(crate) fn cargo(self, project: &Project, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Active | Self::ActiveFromSource => project.cargo(),
            Self::Debian => debian::cargo(project, subcommand),
        };
        command.arg(subcommand).args(["--target", TRIPLE]);
        if self != Self::Active {
            // Building the standard library is not stable; this makes a stable compiler do it.
            // It is cached in the target folder, so nothing is written outside of the project.
            command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        }
        command.env("CARGO_TARGET_DIR", self.folder(project));
        command
    }

    /// Its compiler.
    pub(crate) fn rustc(self, project: &Project) -> Command {
        match self {
            Self::Active | Self::ActiveFromSource => project.command("rustc"),
            Self::Debian => project.command(debian::RUSTC),
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Active => "the active toolchain has it",
            Self::ActiveFromSource => "the active toolchain builds it from rust-src",
            Self::Debian => "Debian's toolchain (rustc-web) builds it from rust-web-src",
        }
    }
}

/// Finds a compiler for the target, and installs missing parts.
pub(crate) fn prepare(project: &Project) -> Result<Toolchain> {
    if !target_installed(project)? {
        Addition::Target.add(project)?;
    }
    let toolchain = if target_installed(project)? {
        Toolchain::Active
    } else if source_installed(project)? {
        Toolchain::ActiveFromSource
    } else if apt::available() {
        debian::install()?;
        Toolchain::Debian
    } else {
        bail!(
            "no compiler for {TRIPLE}: install the target (`rustup target add {TRIPLE}`) or the \
             standard library's source (`rustup component add rust-src`), then try again"
        );
    };
    println!("      {}", toolchain.description());
    Ok(toolchain)
}

/// Looks for the target's standard library itself: asking rustup would miss other toolchains.
fn target_installed(project: &Project) -> Result<bool> {
    let mut rustc = project.command("rustc");
    let folder = command::output(rustc.args(["--print", "target-libdir", "--target", TRIPLE]))?;
    Ok(files::list(Path::new(folder.trim()))?.iter().any(|file| {
        let name = file.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    }))
}

/// Whether the active toolchain has the standard library's source, other than as Debian's.
pub(crate) fn source_installed(project: &Project) -> Result<bool> {
    let sysroot = command::output(project.command("rustc").args(["--print", "sysroot"]))?;
    let sysroot = PathBuf::from(sysroot.trim());
    // Debian's own toolchain as the active one has its source there too, and needs its linker.
    let debian = sysroot == Path::new("/usr");
    Ok(!debian && sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
}
