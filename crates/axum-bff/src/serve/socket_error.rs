//! Why there is no Unix socket to listen on.

use std::io;

/// Why there is no Unix socket to listen on.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Another process listens on the socket.
    #[error("another process listens there")]
    InUse,
    /// The path is another kind of file, which stays as it is.
    #[error("there is a file that is no socket")]
    NoSocket,
    /// The system refuses the socket or its permissions.
    #[error(transparent)]
    System(#[from] io::Error),
}
