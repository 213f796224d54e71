//! Debian packages: installed if that needs no question, otherwise the command to type is printed.
//!
//! Versions are never pinned: the archive moves, and an old version is soon not there any more.

use crate::command;
use anyhow::{Context, Result, bail, ensure};
use std::process::Command;
use std::sync::Once;

/// The beginning of a line that changes the system without a question.
type Rights = &'static [&'static str];

/// Whether this system has apt-get.
pub(crate) fn available() -> bool {
    command::find("apt-get").is_some()
}

/// Installs packages, without those that apt would only recommend, and without removing any.
pub(crate) fn install(packages: &[String]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    ensure!(
        available(),
        "missing: {names} (the names of Debian). This system has no apt-get: install them \
         with its own package manager, then try again"
    );
    let Some(rights) = rights() else {
        bail!(
            "missing: {names}. Type this, then try again:\n\n    {}\n",
            to_type(&names)
        );
    };
    refresh(rights);
    println!("      installing {names}");
    command::run(&mut from_words(&install_words(rights, packages)))
        .with_context(|| format!("apt-get could not install {names}"))
}

/// Reads the archives' lists, once. That some archive does not answer is only told: the packages
/// may well be in another one, and apt-get itself says it if they are not.
fn refresh(rights: Rights) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let words = [rights, &["apt-get", "update", "-qq"]].concat();
        if let Err(error) = command::run(&mut from_words(&words)) {
            println!("      warning: {error:#}; going on with the lists that are there");
        }
    });
}

/// Whether an archive that this system knows of has the package.
pub(crate) fn offers(package: &str) -> bool {
    if !available() {
        return false;
    }
    if let Some(rights) = rights() {
        refresh(rights);
    }
    command::succeeds(Command::new("apt-cache").args(["show", package]))
}

/// The packages that are not installed.
pub(crate) fn missing(packages: &[&str]) -> Vec<String> {
    packages
        .iter()
        .filter(|package| !installed(package))
        .map(|package| (*package).to_owned())
        .collect()
}

fn installed(package: &str) -> bool {
    let status = Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .output();
    status.is_ok_and(|output| output.stdout == b"installed")
}

/// None: this program is not root, and `sudo` does not let it through without asking.
fn rights() -> Option<Rights> {
    let id = Command::new("id").arg("-u").output();
    if id.is_ok_and(|output| output.stdout == b"0\n") {
        return Some(&[]);
    }
    // `-n`: nobody expects a password prompt in the middle of a build.
    command::succeeds(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"])
}

/// The line for a person, who confirms it.
fn to_type(names: &str) -> String {
    format!("sudo apt-get install --no-install-recommends {names}")
}

/// `--no-remove`: Debian's compilers conflict with one another, and a build must not replace the one that somebody chose.
fn install_words(rights: Rights, packages: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = rights.to_vec();
    words.extend([
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "--yes",
        "--no-remove",
    ]);
    words.extend(["-o", "DPkg::Lock::Timeout=300", "--no-install-recommends"]);
    words.extend(packages.iter().map(String::as_str));
    words
}

fn from_words(words: &[&str]) -> Command {
    let mut command = Command::new(words.first().copied().unwrap_or_default());
    command.args(words.iter().skip(1));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rights: Rights) -> String {
        install_words(rights, &["redis-server".to_owned(), "chromium".to_owned()]).join(" ")
    }

    #[test]
    fn root_installs_without_being_asked_anything() {
        assert_eq!(
            line(&[]),
            "env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-remove \
             -o DPkg::Lock::Timeout=300 --no-install-recommends redis-server chromium"
        );
    }

    #[test]
    fn sudo_is_never_allowed_to_ask_for_a_password() {
        assert!(line(&["sudo", "-n"]).starts_with("sudo -n env DEBIAN_FRONTEND=noninteractive"));
        assert!(rights().is_none_or(|rights| rights.is_empty() || rights == ["sudo", "-n"]));
    }

    #[test]
    fn without_rights_the_line_is_one_that_a_person_can_type_and_confirm() {
        assert_eq!(
            to_type("redis-server chromium"),
            "sudo apt-get install --no-install-recommends redis-server chromium"
        );
    }
}
