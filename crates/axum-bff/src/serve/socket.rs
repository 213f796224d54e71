//! A Unix socket to listen on.
//!
//! The socket is made in a folder that only this process may enter, gets its permissions there, and is then renamed into its
//! place. So nobody connects before the permissions are right, and the file of a process that has died is replaced in one
//! step.

use super::socket_error::SocketError;
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

/// A socket that does not refuse a connection within this time has a process behind it.
const LIFE_SIGN: Duration = Duration::from_secs(1);

/// The file of a socket. It is removed when this is dropped, unless another process has replaced it.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    /// The device and the number of the file.
    identity: (u64, u64),
}

/// Listens on a socket with these permissions.
pub(super) async fn listen(path: &Path, mode: u32) -> Result<(UnixListener, SocketFile), SocketError> {
    is_free(path).await?;
    // Processes in containers that share the folder may have the same number.
    let workshop = path.with_file_name(format!(".{:08x}", rand::random::<u32>()));
    let unnamed = workshop.join("s");
    std::fs::DirBuilder::new().mode(0o700).create(&workshop)?;
    let listening = make(&unnamed, path, mode);
    let _ = std::fs::remove_file(&unnamed);
    let _ = std::fs::remove_dir(&workshop);
    let (listener, file) = listening?;
    // Of two processes that found the path free, the first one learns here that the second one has it.
    if file.is_in_its_place() {
        Ok((listener, file))
    } else {
        Err(SocketError::InUse)
    }
}

fn make(unnamed: &Path, path: &Path, mode: u32) -> io::Result<(UnixListener, SocketFile)> {
    let listener = UnixListener::bind(unnamed)?;
    std::fs::set_permissions(unnamed, std::fs::Permissions::from_mode(mode))?;
    let identity = identity(unnamed)?;
    std::fs::rename(unnamed, path)?;
    let path = path.to_owned();
    Ok((listener, SocketFile { path, identity }))
}

/// Whether nothing is there, or the socket of a process that has died.
async fn is_free(path: &Path) -> Result<(), SocketError> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => return Err(SocketError::NoSocket),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    match timeout(LIFE_SIGN, UnixStream::connect(path)).await {
        Ok(Err(error)) => match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => Ok(()),
            io::ErrorKind::PermissionDenied => Err(error.into()),
            // The queue of the process is full.
            _ => Err(SocketError::InUse),
        },
        Ok(Ok(_)) | Err(_) => Err(SocketError::InUse),
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    std::fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()))
}

impl SocketFile {
    /// Whether no other process has replaced it.
    fn is_in_its_place(&self) -> bool {
        identity(&self.path).is_ok_and(|identity| identity == self.identity)
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.is_in_its_place() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests;
