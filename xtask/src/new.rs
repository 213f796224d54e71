//! `cargo xtask new`: an application of its own, which is `examples/my-app` under another name.

use crate::files;
use crate::project::Project;
use anyhow::{Result, ensure};
use std::path::Path;

/// The example that is copied.
const EXAMPLE: &str = "examples/my-app";

/// Writes an application into a folder, which is made where it is not there; its last part is the application's name. The
/// library comes from this checkout, or from the repository at `git`.
pub(crate) fn write(project: &Project, folder: &Path, git: Option<&str>) -> Result<()> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    ensure!(
        is_package_name(&name),
        "{name:?} is no name for a package: it has to begin with a letter, and may hold letters, digits, - and _"
    );
    ensure!(files::list(&folder)?.is_empty(), "{} is not empty", folder.display());
    let example = project.path(EXAMPLE);
    for file in files::list(&example)? {
        // Cargo's output for the example.
        if file.starts_with("target") {
            continue;
        }
        let mut text = String::from_utf8_lossy(&files::read(&example.join(&file))?).into_owned();
        if file.starts_with(".cargo") {
            text.insert_str(0, SWITCH);
        }
        files::write(&folder.join(&file), of_name(&text, &name, project, git).as_bytes())?;
    }
    Ok(())
}

/// The example has it of the checkout around it: cargo would give it to the compiler twice.
const SWITCH: &str = "# A switch of Leptos: views without types, and a smaller WASM. Server and WASM need the same.\n\
                      [build]\nrustflags = [\"--cfg=erase_components\"]\n\n";

/// The commands to type next.
pub(crate) fn next(folder: &Path, git: bool) -> String {
    let run = if git {
        "cargo leptos watch --bin-features dev -- --development"
    } else {
        "cargo xtask run"
    };
    format!(
        "cd {}\n{run}\n\nalice, bob and chioma can sign in; a file people.toml there has others (README.md)",
        folder.display()
    )
}

/// A file of the example, for an application of this name.
fn of_name(text: &str, name: &str, project: &Project, git: Option<&str>) -> String {
    let text = text.replace("my-app", name).replace("my_app", &name.replace('-', "_"));
    let checkout = project.path("");
    let checkout = checkout.to_string_lossy();
    let checkout = checkout.trim_end_matches('/');
    let mut written = String::with_capacity(text.len());
    for line in text.lines() {
        let line = match (git, line.split_once("path = \"../../crates/")) {
            (Some(git), Some((before, after))) => {
                let rest = after.split_once('"').map_or("", |(_, rest)| rest);
                format!("{before}git = \"{git}\"{rest}")
            }
            _ => line.replace("../..", checkout),
        };
        // `cargo xtask` is a command of a checkout, and the only alias.
        let is_about_it = ["cargo xtask", "xtask = ", "[alias]"]
            .iter()
            .any(|start| line.trim_start().starts_with(start));
        let is_of_a_checkout = git.is_some() && is_about_it;
        if !is_of_a_checkout {
            written.push_str(&line);
            written.push('\n');
        }
    }
    written
}

fn is_package_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
}

#[cfg(test)]
mod tests;
