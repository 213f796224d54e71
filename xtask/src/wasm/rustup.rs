//! Asks rustup for the missing parts of the active toolchain.

use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::Result;
use std::path::PathBuf;
use std::time::Duration;

/// The target that the front end is compiled for.
pub(crate) const TRIPLE: &str = "wasm32-unknown-unknown";

/// How long rustup may take: some 20 MB on a slow line, or a server out of reach.
const LIMIT: Duration = Duration::from_mins(2);

/// The parts that rustup can add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Addition {
    /// The target's standard library, compiled.
    Target,
    /// The standard library as source.
    Source,
}

impl Addition {
    fn arguments(self) -> [&'static str; 3] {
        match self {
            Self::Target => ["target", "add", TRIPLE],
            Self::Source => ["component", "add", "rust-src"],
        }
    }

    /// Holds the version of the compiler for which it failed: a machine without the download
    /// server then waits only once.
    fn failed(self, project: &Project) -> PathBuf {
        project.work().join(match self {
            Self::Target => "rustup-target-add-failed",
            Self::Source => "rustup-component-add-failed",
        })
    }

    /// Has rustup add it. A failure is printed and remembered, and is no error.
    pub(crate) fn add(self, project: &Project) -> Result<()> {
        if command::find("rustup").is_none() {
            return Ok(());
        }
        let (compiler, failed) = (compiler(project)?, self.failed(project));
        if files::read(&failed).is_ok_and(|told| told == compiler.as_bytes()) {
            println!(
                "      rustup could not add it before; remove {} to try again",
                failed.display()
            );
            return Ok(());
        }
        let mut rustup = project.command("rustup");
        let Err(error) = command::run_within(rustup.args(self.arguments()), LIMIT) else {
            return Ok(());
        };
        println!("      {error:#}; trying the next way");
        files::write(&failed, compiler.as_bytes())
    }
}

fn compiler(project: &Project) -> Result<String> {
    command::output(project.command("rustc").arg("-vV"))
}
