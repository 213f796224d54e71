//! The address of the metrics.

use super::Source;
use std::net::{Ipv4Addr, SocketAddr};

const LISTEN: &str = "BFF_METRICS_LISTEN";

/// None: the metrics are off, or the setting is wrong, which is noted.
pub(super) fn read(source: &mut Source) -> Option<SocketAddr> {
    let address = source.parsed(LISTEN, parse).flatten()?;
    if !address.ip().is_loopback() {
        source.warning(
            LISTEN,
            "every machine that reaches this address reads the metrics; listen on loopback, or let a firewall or a \
             NetworkPolicy admit the monitoring alone",
        );
    }
    Some(address)
}

fn parse(text: &str) -> Result<Option<SocketAddr>, String> {
    if text == "off" {
        return Ok(None);
    }
    if let Ok(port) = text.parse::<u16>() {
        return Ok(Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port))));
    }
    let address = text.parse().map(Some);
    address.map_err(|_| "is neither off, nor a port, nor an address with a port such as 127.0.0.1:9464".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use std::net::SocketAddr;

    fn read(text: &str) -> Option<(Option<SocketAddr>, usize)> {
        let config = Config::in_memory(&[("BFF_METRICS_LISTEN", text)]).ok()?;
        Some((config.metrics, config.warnings.len()))
    }

    #[test]
    fn a_bare_port_is_one_of_loopback_and_another_address_gets_a_warning() {
        let address = |text: &str| Some(text.parse().expect("an address"));
        let (_, usual) = read("off").expect("settings");
        assert_eq!(read("off"), Some((None, usual)));
        assert_eq!(read("9464"), Some((address("127.0.0.1:9464"), usual)));
        assert_eq!(read("[::1]:9464"), Some((address("[::1]:9464"), usual)));
        assert_eq!(read("0.0.0.0:9464"), Some((address("0.0.0.0:9464"), usual + 1)));
        for wrong in ["on", "localhost:9464", "127.0.0.1", "70000", "/metrics"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
