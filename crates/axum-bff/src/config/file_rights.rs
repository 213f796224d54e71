//! Who on this machine can read a file with a secret.

use std::path::Path;

/// Whether every user of this machine can read the file: by its own mode, and by those of the folders on the way to it.
#[cfg(unix)]
pub(super) fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const READ: u32 = 0o004;
    const PASS: u32 = 0o001;
    let has = |path: &Path, right| std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & right != 0);
    // Mounted secrets are links to files in other folders.
    std::fs::canonicalize(path)
        .is_ok_and(|path| has(&path, READ) && path.ancestors().skip(1).all(|folder| has(folder, PASS)))
}

#[cfg(not(unix))]
pub(super) fn others_may_read(_path: &Path) -> bool {
    false
}
