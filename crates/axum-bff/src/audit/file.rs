//! The file of the records. It is only appended to. Each record is one line and one write, and after each batch the file is
//! synchronised (`fdatasync`): a record that counts as written outlives the machine.
//!
//! Before each batch the path is looked at. Where another file or none is there, because somebody has rotated it, the path is
//! opened anew.

use super::AuditError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file, open unless the last attempt failed.
pub(super) struct AuditFile {
    path: PathBuf,
    file: Option<File>,
    /// The last write broke off within a line.
    is_torn: bool,
}

impl AuditFile {
    /// Opens the file, or makes it for its owner alone.
    pub(super) fn open(path: PathBuf) -> Result<Self, AuditError> {
        if is_pipe(&path) {
            // Opening it would wait for a reader.
            return Err(AuditError::Pipe(path));
        }
        match appending(&path) {
            Ok(file) => Ok(Self {
                path,
                file: Some(file),
                is_torn: false,
            }),
            Err(source) => Err(AuditError::Open {
                path,
                source: Arc::new(source),
            }),
        }
    }

    /// Leaves the present file. The next write opens the path.
    pub(super) fn reopen(&mut self) {
        self.file = None;
        self.is_torn = false;
    }

    /// Writes these lines. With an error: how many of them count as written. A line after a broken one begins a line of its
    /// own.
    pub(super) fn write(&mut self, lines: &[Arc<str>]) -> Result<(), (usize, io::Error)> {
        if self.file.as_ref().is_some_and(|file| was_moved(&self.path, file)) {
            self.reopen();
        }
        let mut file = match self.file.take() {
            Some(file) => file,
            None => appending(&self.path).map_err(|error| (0, error))?,
        };
        let mut numbered = lines.iter().enumerate();
        let appended =
            numbered.try_for_each(|(written, line)| self.append(&mut file, line).map_err(|error| (written, error)));
        // What could not be synchronised may be gone: it is written again.
        synchronise(&file).map_err(|error| (0, error))?;
        appended?;
        self.file = Some(file);
        Ok(())
    }

    fn append(&mut self, file: &mut File, line: &str) -> io::Result<()> {
        let after_a_broken_line = self.is_torn.then(|| format!("\n{line}"));
        let bytes = after_a_broken_line.as_deref().unwrap_or(line).as_bytes();
        let count = loop {
            match file.write(bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => break outcome?,
            }
        };
        if count == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        // Only a disk that is almost full takes a part.
        self.is_torn = true;
        file.write_all(&bytes[count..])?;
        self.is_torn = false;
        Ok(())
    }
}

fn appending(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A device cannot be synchronised, and needs no such thing.
fn synchronise(file: &File) -> io::Result<()> {
    match file.sync_data() {
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        outcome => outcome,
    }
}

#[cfg(unix)]
fn was_moved(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(path), file.metadata()) {
        (Ok(there), Ok(open)) => (there.dev(), there.ino()) != (open.dev(), open.ino()),
        _ => true,
    }
}

#[cfg(not(unix))]
fn was_moved(path: &Path, _: &File) -> bool {
    fs::metadata(path).is_err()
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}
