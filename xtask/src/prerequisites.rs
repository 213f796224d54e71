//! Programs that the tests need and that cargo does not bring: found, or installed with apt.

use crate::apt;
use crate::command;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The oldest Node.js that Playwright and the certified provider run on.
const NODE_MAJOR: u32 = 20;

/// The browser: the one that `CHROMIUM` names, else Chromium or Chrome from `PATH`, else installed.
pub(crate) fn chromium() -> Result<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    find_or_install("CHROMIUM", &NAMES, "chromium")
}

/// The engine of Chromium without its window: the one that `CHROMIUM_HEADLESS_SHELL` names, else from `PATH`, else
/// installed where the archive has it. None elsewhere: the whole browser shows the same and takes twice as long.
pub(crate) fn headless_shell() -> Option<PathBuf> {
    const PACKAGE: &str = "chromium-headless-shell";
    const NAMES: [&str; 2] = [PACKAGE, "chrome-headless-shell"];
    let found = named("CHROMIUM_HEADLESS_SHELL").or_else(|| first(&NAMES));
    found.or_else(|| {
        let installed = apt::offers(PACKAGE) && apt::install(&[PACKAGE.to_owned()]).is_ok();
        let shell = installed.then(|| first(&NAMES)).flatten();
        if shell.is_none() {
            println!("      {PACKAGE} is not available: the tests use the whole browser, and take twice as long");
        }
        shell
    })
}

/// Firefox: the one that `FIREFOX` names, else the long-term or the newest one from `PATH`, else the long-term one installed.
pub(crate) fn firefox() -> Result<PathBuf> {
    find_or_install("FIREFOX", &["firefox-esr", "firefox"], "firefox-esr")
}

/// The driver of `WebKitGTK`, which brings the browser: the one that `WEBKIT_DRIVER` names, else from `PATH`, else installed.
pub(crate) fn webkit_driver() -> Result<PathBuf> {
    find_or_install("WEBKIT_DRIVER", &["WebKitWebDriver"], "webkit2gtk-driver")
}

/// An invisible screen, for a browser that needs one: the one that `XVFB` names, else from `PATH`, else installed.
pub(crate) fn xvfb() -> Result<PathBuf> {
    find_or_install("XVFB", &["Xvfb"], "xvfb")
}

/// The program that makes certificates: the one that `OPENSSL` names, else from `PATH`, else installed.
pub(crate) fn openssl() -> Result<PathBuf> {
    find_or_install("OPENSSL", &["openssl"], "openssl")
}

/// The session store: the one that `REDIS_SERVER` names, else `redis-server` from `PATH`, else installed.
pub(crate) fn redis_server() -> Result<PathBuf> {
    find_or_install("REDIS_SERVER", &["redis-server"], "redis-server")
}

/// Node.js with npm, new enough for the end-to-end tests.
pub(crate) fn node() -> Result<()> {
    let missing = ["node", "npm"].iter().filter(|name| command::find(name).is_none());
    let packages: Vec<String> = missing
        .map(|name| if *name == "node" { "nodejs" } else { "npm" }.to_owned())
        .collect();
    apt::install(&packages)?;
    let version = command::output(Command::new("node").arg("--version")).unwrap_or_default();
    match node_major(&version) {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => bail!(
            "the end-to-end tests need Node.js {NODE_MAJOR} or newer, and this is {}",
            version.trim()
        ),
    }
}

fn find_or_install(variable: &str, names: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(path) = named(variable).or_else(|| first(names)) {
        return Ok(path);
    }
    apt::install(&[package.to_owned()])?;
    first(names).with_context(|| format!("{package} is installed and still not found: look at PATH"))
}

/// The program that a variable of the environment names.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The first of these names that is in `PATH`.
fn first(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| command::find(name))
}

/// The major version in the output of `node --version`, such as `v20.20.2`.
fn node_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_major_version_is_read_as_a_number() {
        assert_eq!(node_major("v20.20.2\n"), Some(20));
        assert_eq!(node_major("v8.1.0"), Some(8));
        assert_eq!(node_major(""), None);
    }
}
