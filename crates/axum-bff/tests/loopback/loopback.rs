//! Ports for what a test starts a moment later.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Below what systems give to outgoing connections and to listeners that ask for any port: one of those could have it
/// before its server starts.
const PORTS: std::ops::Range<u16> = 20_000..32_768;

/// An address of loopback that nobody has at this moment.
pub(crate) fn free_address() -> SocketAddr {
    std::iter::repeat_with(|| SocketAddr::from((Ipv4Addr::LOCALHOST, rand::random_range(PORTS))))
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a port")
}
