//! Node.js and npm packages, installed as their lock file says and not again until it changes.

use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program `node`, where npm is there too.
pub(crate) fn installed() -> Option<PathBuf> {
    command::find("npm").and_then(|_| command::find("node"))
}

/// Runs `npm ci` in a folder, unless its lock file is the one that was last installed from.
pub(crate) fn install_packages(folder: &Path) -> Result<()> {
    let lock = files::read(&folder.join("package-lock.json"))?;
    let marker = folder.join("node_modules/.installed-from");
    if files::read(&marker).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("      npm packages in {}", folder.display());
    let mut npm = Command::new("npm");
    command::run(npm.current_dir(folder).args(["ci", "--no-fund", "--no-audit"]))?;
    files::write(&marker, &lock)
}

/// Playwright with these arguments in the folder `end2end`, whose packages are there then.
pub(crate) fn playwright(project: &Project, arguments: &[&str]) -> Result<Command> {
    let folder = project.path("end2end");
    install_packages(&folder)?;
    let mut playwright = Command::new("npx");
    playwright.current_dir(&folder).args(["--no-install", "playwright"]);
    playwright.args(arguments);
    Ok(playwright)
}
