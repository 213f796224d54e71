//! Why a provider does not start.

use std::{io, net::SocketAddr};

/// Why the provider did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It would be reachable from other machines.
    #[error("the development provider listens on loopback only, and {0} is not loopback")]
    NotLoopback(SocketAddr),
    /// Another process has the port.
    #[error("port {port} of {ip} is in use, the development provider cannot have it", port = .0.port(), ip = .0.ip())]
    PortInUse(SocketAddr),
    /// The address cannot be listened on for another reason.
    #[error("the development provider cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The operating system's error.
        source: io::Error,
    },
    /// A registered URI is no URL.
    #[error("the registered URI {0} is not a URL")]
    Uri(String),
}

impl StartError {
    /// A stable name for the variant.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotLoopback(_) => "provider_not_loopback",
            Self::PortInUse(_) => "provider_port_in_use",
            Self::Listen { .. } => "provider_listen",
            Self::Uri(_) => "provider_uri",
        }
    }

    pub(super) fn from_bind(address: SocketAddr, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::AddrInUse {
            Self::PortInUse(address)
        } else {
            Self::Listen { address, source }
        }
    }
}
