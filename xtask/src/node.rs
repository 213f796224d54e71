//! Node.js and npm packages, installed as their lock file says and not again until it changes.

use crate::command::{self, CommandError};
use crate::files::{self, FileError};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a folder's npm packages are not installed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NodeError {
    /// npm failed.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The program `node`, where npm is there too.
pub(crate) fn installed() -> Option<PathBuf> {
    command::find("npm").and_then(|_| command::find("node"))
}

/// Runs `npm ci` in a folder, unless its lock file is the one that was last installed from.
pub(crate) fn install_packages(folder: &Path) -> Result<(), NodeError> {
    let lock = files::read(&folder.join("package-lock.json"))?;
    let marker = folder.join("node_modules/.installed-from");
    if files::read(&marker).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("      npm packages in {}", folder.display());
    let mut npm = Command::new("npm");
    command::run(npm.current_dir(folder).args(["ci", "--no-fund", "--no-audit"]))?;
    files::write(&marker, &lock)?;
    Ok(())
}
