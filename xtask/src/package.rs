//! `cargo xtask package`: the crates as they are published. Their manifests name no repository, because a project that was copied
//! would name the wrong one: the release knows its address, and gives it.

use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::PathBuf;

/// The members of the workspace that nobody publishes. Each is in a folder of its name.
const UNPUBLISHED: [&str; 4] = ["app", "frontend", "server", "xtask"];

/// The part of a `Cargo.toml` that is read.
#[derive(Debug, Deserialize)]
struct Manifest {
    package: Option<toml::Table>,
    workspace: Option<Workspace>,
}

#[derive(Debug, Deserialize)]
struct Workspace {
    members: Vec<PathBuf>,
}

/// Packages the crates into `target/package`, after it has written the address into their manifests.
pub(crate) fn with_repository(project: &Project, repository: Option<&str>) -> Result<()> {
    for manifest in manifests(project)? {
        let text = String::from_utf8_lossy(&files::read(&manifest)?).into_owned();
        let named = naming(&text, repository).with_context(|| manifest.display().to_string())?;
        files::write(&manifest, named.as_bytes())?;
    }
    every_crate(project)
}

/// Packages the crates into `target/package`. The tests compile their code, so this does not.
pub(crate) fn every_crate(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args([
        "package",
        "--locked",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
        "--workspace",
    ]);
    for member in UNPUBLISHED {
        cargo.args(["--exclude", member]);
    }
    command::run(&mut cargo)
}

/// The manifest of each crate that is published.
fn manifests(project: &Project) -> Result<Vec<PathBuf>> {
    let path = project.path("Cargo.toml");
    let text = String::from_utf8_lossy(&files::read(&path)?).into_owned();
    let manifest: Manifest = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let members = manifest
        .workspace
        .map(|workspace| workspace.members)
        .unwrap_or_default();
    let published = members
        .into_iter()
        .filter(|member| !UNPUBLISHED.iter().any(|unpublished| member.ends_with(unpublished)));
    Ok(published
        .map(|member| project.path(member).join("Cargo.toml"))
        .collect())
}

/// The manifest with this address of the repository, or as it is where it has one.
fn naming(manifest: &str, repository: Option<&str>) -> Result<String> {
    let Some(repository) = repository else {
        let read: Manifest = toml::from_str(manifest)?;
        let is_named = read.package.is_some_and(|package| package.contains_key("repository"));
        ensure!(is_named, "it names no repository: give the address with --repository");
        return Ok(manifest.to_owned());
    };
    ensure!(
        repository.starts_with("https://"),
        "{repository} is no address of a repository: it has to begin with https://"
    );
    let mut written = String::with_capacity(manifest.len());
    let mut is_in_package = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_in_package = line.trim_end() == "[package]";
        }
        let is_old = is_in_package && line.starts_with("repository");
        if !is_old {
            written.push_str(line);
            written.push('\n');
        }
        if is_in_package && line.starts_with('[') {
            written.push_str("repository = ");
            written.push_str(&toml::Value::from(repository).to_string());
            written.push('\n');
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_packaged_with_the_address_of_its_repository_or_not_at_all() {
        let project = Project::open();
        let manifests = manifests(&project).expect("the members");
        assert!(manifests.contains(&project.path("provider/Cargo.toml")) && manifests.len() > 5);
        for path in &manifests {
            let text = String::from_utf8(files::read(path).expect("a manifest")).expect("text");
            assert!(naming(&text, None).is_err(), "{}", path.display());
            assert!(naming(&text, Some("git@example.com:bff")).is_err());
            let repository =
                |text: &str| toml::from_str::<toml::Table>(text).expect("TOML")["package"]["repository"].clone();
            let named = naming(&text, Some("https://git.example/bff")).expect("a manifest with an address");
            assert_eq!(repository(&named).as_str(), Some("https://git.example/bff"));
            assert_eq!(naming(&named, None).expect("it has one"), named);
            let moved = naming(&named, Some("https://git.example/moved")).expect("another address");
            assert_eq!(repository(&moved).as_str(), Some("https://git.example/moved"));
            assert_eq!(moved.lines().count(), text.lines().count() + 1);
        }
    }
}
