//! File operations whose errors say which file.

use anyhow::{Context, Result};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn at<'a>(action: &'a str, path: &'a Path) -> impl FnOnce() -> String + 'a {
    move || format!("cannot {action} {}", path.display())
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(at("read", path))
}

/// Writes a file, making its folder. A reader sees the old content or the new, never a part.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(at("create", folder))?;
    }
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    fs::write(&unfinished, bytes).with_context(at("write", &unfinished))?;
    fs::rename(&unfinished, path).with_context(at("write", path))
}

/// Copies a file with its permissions, making the folder it goes to.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(at("create", folder))?;
    }
    // A running program's file cannot be written to, but its name can be given to another file.
    remove(to)?;
    fs::copy(from, to).map(drop).with_context(at("copy", from))
}

/// Removes a file or a folder with all that is in it; fine if it is not there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(at("remove", path)),
        _ => Ok(()),
    }
}

/// All files below a folder as paths from it, sorted; none if the folder is not there.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(relative) = folders.pop() {
        let absolute = folder.join(&relative);
        let entries = match fs::read_dir(&absolute) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.with_context(at("list", &absolute))?,
        };
        for entry in entries {
            let entry = entry.with_context(at("list", &absolute))?;
            let path = relative.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
