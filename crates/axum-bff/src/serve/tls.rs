//! TLS of the server itself: the handshake at the beginning of a connection.
//!
//! A stranger may leave a handshake unfinished, as with half a head. Each has a bound in time, and a connection in its
//! handshake may be told to go like one that waits for its request. All handshakes together have a bound too, because the
//! unfinished messages of each take memory: beyond it the oldest goes.

use super::ServeError;
use super::open_connections::{OpenConnections, Visitor};
use super::stream::Stream;
use crate::server_certificate::ServerCertificate;
use rustls::ServerConfig;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// So many handshakes may be under way. rustls keeps 64 KiB of one at most: together as much as unfinished heads may take.
const HANDSHAKES: usize = 512;

/// Clones share the bound of handshakes.
#[derive(Clone)]
pub(super) struct Tls {
    acceptor: TlsAcceptor,
    handshakes: OpenConnections,
}

impl Tls {
    pub(super) fn new(certificate: ServerCertificate) -> Result<Self, ServeError> {
        Self::with_at_most(certificate, HANDSHAKES)
    }

    fn with_at_most(certificate: ServerCertificate, handshakes: usize) -> Result<Self, ServeError> {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .map_err(ServeError::Tls)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(certificate));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            handshakes: OpenConnections::new(handshakes),
        })
    }

    /// The stream after its handshake. None: the handshake failed, took longer than `bound`, or had to make room.
    pub(super) async fn handshake(&self, stream: Stream, visitor: &Visitor, bound: Duration) -> Option<Stream> {
        let handshake = async {
            let place = self.handshakes.place().await;
            let oldest = place.visitor();
            tokio::select! {
                shaken = self.acceptor.accept(stream) => shaken,
                () = oldest.told_to_go() => Err(io::ErrorKind::ConnectionAborted.into()),
            }
        };
        let shaken = tokio::select! {
            shaken = timeout(bound, handshake) => shaken,
            () = visitor.told_to_go() => return None,
        };
        match shaken {
            Ok(Ok(stream)) => Some(Stream::Tls(Box::new(stream))),
            Ok(Err(error)) => {
                tracing::debug!(code = "tls_handshake_failed", %error, "a TLS handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!(
                    code = "tls_handshake_timeout",
                    "a connection was cut: its TLS handshake took too long"
                );
                None
            }
        }
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tls").finish_non_exhaustive()
    }
}

#[cfg(all(test, unix))]
mod tests;
