//! Ports for servers that a test starts a moment later.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// The ports below those that systems give to outgoing connections and to listeners that ask for any port. Otherwise
/// one of these could take the port before the test's server starts.
const PORTS: std::ops::Range<u16> = 20_000..32_768;

/// A loopback address that is free at this moment.
pub(crate) fn free_address() -> SocketAddr {
    std::iter::repeat_with(|| SocketAddr::from((Ipv4Addr::LOCALHOST, rand::random_range(PORTS))))
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a port")
}
