//! The listener of the server.

use super::ServeError;
#[cfg(unix)]
use super::socket::{self, SocketFile};
use super::stream::Stream;
use crate::client_address::Peer;
use crate::config::Listen;
use std::io;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix {
        /// Removed before the listener ends: the file of a socket that nobody listens on may be replaced by a successor.
        _file: SocketFile,
        listener: UnixListener,
    },
}

impl Listener {
    pub(super) async fn bind(listen: &Listen) -> Result<Self, ServeError> {
        match listen {
            Listen::Address(address) => {
                let listener = TcpListener::bind(address).await;
                listener.map(Self::Tcp).map_err(|source| ServeError::Listen {
                    address: *address,
                    source,
                })
            }
            #[cfg(unix)]
            Listen::Socket { path, mode } => {
                let listening = socket::listen(path, *mode).await;
                let (listener, file) = listening.map_err(|source| ServeError::Socket {
                    path: path.clone(),
                    source,
                })?;
                Ok(Self::Unix { _file: file, listener })
            }
            #[cfg(not(unix))]
            Listen::Socket { path, .. } => Err(ServeError::Socket {
                path: path.clone(),
                source: io::Error::from(io::ErrorKind::Unsupported).into(),
            }),
        }
    }

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<(Stream, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                // Writes go out at once: an answer in two pieces would wait for an acknowledgement.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(code = "nodelay", %error, "a connection is gone already");
                }
                Ok((Stream::Tcp(stream), Peer(address)))
            }
            #[cfg(unix)]
            Self::Unix { listener, .. } => {
                let (stream, _) = listener.accept().await?;
                Ok((Stream::Unix(stream), Peer::SOCKET))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn an_accepted_socket_does_not_wait_for_more_to_write() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let connecting = TcpStream::connect(listener.local_addr().expect("an address"));
        let listener = Listener::Tcp(listener);
        let (connected, accepted) = tokio::join!(connecting, listener.accept());
        connected.expect("connects");
        match accepted.expect("a connection") {
            (Stream::Tcp(stream), _) => assert!(stream.nodelay().expect("a socket")),
            other => panic!("{other:?}"),
        }
    }
}
