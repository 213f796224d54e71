//! Debian packages: installed if that needs no question, otherwise the command to type is printed.
//!
//! Versions are never pinned: the archive moves, and an old version is soon not there any more.

use crate::command;
use anyhow::{Context, Result, ensure};
use std::process::Command;
use std::sync::Once;

/// The rights of this program to use apt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Privilege {
    /// It runs as root.
    Root,
    /// `sudo` lets it through without asking.
    Sudo,
    /// Neither.
    None,
}

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
    let privilege = privilege();
    let line = install_line(privilege, packages);
    ensure!(
        privilege != Privilege::None,
        "missing: {names}. Type this, then try again:\n\n    {}\n",
        line.join(" ")
    );
    refresh();
    println!("      installing {names}");
    command::run(&mut from_line(&line)).with_context(|| format!("apt-get could not install {names}"))
}

/// Reads the archives' lists, once. That some archive does not answer is only told: the packages
/// may well be in another one, and apt-get itself says it if they are not.
fn refresh() {
    static ONCE: Once = Once::new();
    let privilege = privilege();
    if privilege == Privilege::None {
        return;
    }
    ONCE.call_once(|| {
        let mut line = as_root(privilege);
        line.extend(["apt-get", "update", "-qq"].map(String::from));
        if let Err(error) = command::run(&mut from_line(&line)) {
            println!("      warning: {error:#}; going on with the lists that are there");
        }
    });
}

/// Whether an archive that this system knows of has the package.
pub(crate) fn offers(package: &str) -> bool {
    if !available() {
        return false;
    }
    refresh();
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

fn privilege() -> Privilege {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout == b"0\n");
    if root {
        Privilege::Root
    } else if command::succeeds(Command::new("sudo").args(["-n", "true"])) {
        Privilege::Sudo
    } else {
        Privilege::None
    }
}

/// How a line begins that changes the system.
fn as_root(privilege: Privilege) -> Vec<String> {
    match privilege {
        Privilege::Root => Vec::new(),
        // `-n`: nobody expects a password prompt in the middle of a build.
        Privilege::Sudo => vec!["sudo".to_owned(), "-n".to_owned()],
        Privilege::None => vec!["sudo".to_owned()],
    }
}

/// The words of the line that installs packages.
fn install_line(privilege: Privilege, packages: &[String]) -> Vec<String> {
    let mut line = as_root(privilege);
    if privilege != Privilege::None {
        line.extend(["env", "DEBIAN_FRONTEND=noninteractive"].map(String::from));
    }
    line.extend(["apt-get", "install"].map(String::from));
    if privilege != Privilege::None {
        // `--no-remove`: Debian's compilers conflict with one another, and a build must not
        // replace the one that somebody chose.
        let unattended = ["--yes", "--no-remove", "-o", "DPkg::Lock::Timeout=300"];
        line.extend(unattended.map(String::from));
    }
    line.push("--no-install-recommends".to_owned());
    line.extend_from_slice(packages);
    line
}

fn from_line(line: &[String]) -> Command {
    let mut command = Command::new(line.first().map_or("", String::as_str));
    command.args(line.iter().skip(1));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(privilege: Privilege) -> String {
        install_line(privilege, &["redis-server".to_owned(), "chromium".to_owned()]).join(" ")
    }

    #[test]
    fn root_installs_without_being_asked_anything() {
        assert_eq!(
            line(Privilege::Root),
            "env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-remove \
             -o DPkg::Lock::Timeout=300 --no-install-recommends redis-server chromium"
        );
    }

    #[test]
    fn sudo_is_never_allowed_to_ask_for_a_password() {
        assert!(line(Privilege::Sudo).starts_with("sudo -n env DEBIAN_FRONTEND=noninteractive"));
    }

    #[test]
    fn without_rights_the_line_is_one_that_a_person_can_type_and_confirm() {
        assert_eq!(
            line(Privilege::None),
            "sudo apt-get install --no-install-recommends redis-server chromium"
        );
    }
}
