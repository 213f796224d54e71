//! The origin of a request: the address of the client and the name of its browser.
//!
//! Forwarded headers are believed only from proxies that the settings name, and only up to the first
//! address that is none of them (PRX-10): the client can write anything in front of that. The address
//! is shown to the person whose session it is, and lets nobody in.

mod forwarded;

use crate::config::Listen;
use axum::Extension;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, header};
use bff_session::SeenFrom;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Longer names of browsers are cut here.
const USER_AGENT_LIMIT: usize = 256;

/// The other end of the connection. On a Unix socket it has no address: then it is the unspecified one, from which no
/// connection over a network comes.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// The other end of a Unix socket.
    pub const SOCKET: Self = Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0));
}

/// The word for the other end of a Unix socket.
const SOCKET: &str = "unix";

/// The proxies in front of this server (`BFF_TRUSTED_PROXIES`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    /// Whether the other end of a Unix socket is one.
    socket: bool,
}

impl TrustedProxies {
    /// The proxies of a server whose settings name none: the other end of a Unix socket that only the socket's owner and
    /// group may open, and nobody on a network.
    #[must_use]
    pub fn usual(listen: &Listen) -> Self {
        Self {
            networks: Vec::new(),
            socket: listen.is_closed_to_others(),
        }
    }

    /// Reads addresses and networks separated by white space or commas: `10.0.0.0/8 ::1`. The word `unix` stands for the
    /// other end of a Unix socket.
    ///
    /// # Errors
    ///
    /// A text that says which entry is none of them.
    pub fn parse(list: &str) -> Result<Self, String> {
        let entries = list.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty());
        let (sockets, networks): (Vec<&str>, Vec<&str>) = entries.partition(|entry| *entry == SOCKET);
        let network = |entry: &str| {
            let address = entry.parse::<IpAddr>().map(IpNet::from);
            address
                .or_else(|_| entry.parse())
                .map_err(|_| format!("{entry} is no address and no network such as 10.0.0.0/8"))
        };
        Ok(Self {
            networks: networks.into_iter().map(network).collect::<Result<_, _>>()?,
            socket: !sockets.is_empty(),
        })
    }

    /// How many addresses and networks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.networks.len()
    }

    /// Whether the other end of a Unix socket is among them.
    #[must_use]
    pub fn trust_sockets(&self) -> bool {
        self.socket
    }

    /// Whether a network of all addresses is among them.
    #[must_use]
    pub fn trust_everybody(&self) -> bool {
        self.networks.iter().any(|network| network.prefix_len() == 0)
    }

    /// Whether this address is one of theirs. The unspecified address is the other end of a Unix socket.
    #[must_use]
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if address.is_unspecified() {
            return self.socket;
        }
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client's address: the peer's, or the one that trusted proxies wrote into `X-Forwarded-For` or in `Forwarded`
    /// (RFC 7239). A proxy writes one of them and passes on the other as the client wrote it. So if both are there and
    /// disagree, neither counts. An unspecified address is the other end of a Unix socket, of which nobody says more.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return peer;
        }
        match (forwarded::x_forwarded_for(headers), forwarded::forwarded(headers)) {
            (Some(one), Some(other)) => {
                let (one, other) = (self.last_stranger(peer, &one), self.last_stranger(peer, &other));
                if one == other { one } else { peer }
            }
            (Some(nodes), None) | (None, Some(nodes)) => self.last_stranger(peer, &nodes),
            (None, None) => peer,
        }
    }

    /// The last address on the way here that is none of the proxies'. None of `nodes`: a node that has no address.
    fn last_stranger(&self, peer: IpAddr, nodes: &[Option<IpAddr>]) -> IpAddr {
        let mut client = peer;
        for node in nodes.iter().rev() {
            match node {
                Some(address) if self.contains(client) => client = *address,
                _ => break,
            }
        }
        client
    }

    /// The address and the browser of this request.
    #[must_use]
    pub(crate) fn seen_from(&self, peer: Option<Extension<ConnectInfo<Peer>>>, headers: &HeaderMap) -> SeenFrom {
        let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        SeenFrom {
            // Visible ASCII: any place is a boundary.
            user_agent: user_agent.unwrap_or_default().chars().take(USER_AGENT_LIMIT).collect(),
            address: peer
                .map(|Extension(ConnectInfo(Peer(peer)))| self.client(peer.ip(), headers))
                .filter(|address| !address.is_unspecified()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(trusted: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let trusted = TrustedProxies::parse(trusted).expect("a list");
        trusted.client(peer.parse().expect("an address"), &headers).to_string()
    }

    /// PRX-10
    #[test]
    fn forwarded_headers_count_only_from_configured_proxies() {
        assert_eq!(client("", "198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(client("10.0.0.0/8", "198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "::ffff:10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
    }

    /// PRX-10
    #[test]
    fn addresses_that_the_client_wrote_in_front_do_not_count() {
        let forged = &["192.0.2.1, 203.0.113.9, 10.9.9.9"];
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", forged), "203.0.113.9");
        let in_two_lines = &["192.0.2.1", "203.0.113.9"];
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", in_two_lines), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["192.0.2.1, garbage"]), "10.1.2.3");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &[]), "10.1.2.3");
    }

    /// PRX-10
    #[test]
    fn addresses_have_the_forms_that_proxies_write() {
        for (line, expected) in [
            ("203.0.113.9:61598", "203.0.113.9"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("203.0.113.9:61598, 10.9.9.9:80", "203.0.113.9"),
            ("203.0.113.9:port", "10.1.2.3"),
            ("unknown", "10.1.2.3"),
        ] {
            assert_eq!(client("10.0.0.0/8", "10.1.2.3", &[line]), expected, "{line}");
        }
    }

    /// PRX-10
    #[test]
    fn forwarded_is_read_as_its_standard_says() {
        for (line, expected) in [
            ("for=203.0.113.9", "203.0.113.9"),
            ("For=\"203.0.113.9:4711\";proto=https;by=10.1.2.3", "203.0.113.9"),
            ("proto=https; for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            (
                "for=192.0.2.1, for=203.0.113.9;host=\"a,b\\\",for=1.1.1.1\", for=10.9.9.9",
                "203.0.113.9",
            ),
            ("for=192.0.2.1, for=_hidden", "10.1.2.3"),
            ("for=unknown", "10.1.2.3"),
            ("for=192.0.2.1, proto=https", "10.1.2.3"),
            ("for=\"203.0.113.9", "10.1.2.3"),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("forwarded", HeaderValue::from_static(line));
            let trusted = TrustedProxies::parse("10.0.0.0/8").expect("a list");
            let peer = "10.1.2.3".parse().expect("an address");
            assert_eq!(trusted.client(peer, &headers).to_string(), expected, "{line}");
        }
    }

    /// PRX-10
    #[test]
    fn of_two_headers_that_disagree_neither_counts() {
        let trusted = TrustedProxies::parse("10.0.0.0/8").expect("a list");
        let peer = "10.1.2.3".parse().expect("an address");
        for (forwarded, expected) in [("for=203.0.113.9", "203.0.113.9"), ("for=192.0.2.1", "10.1.2.3")] {
            let mut headers = HeaderMap::new();
            headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
            headers.append("forwarded", HeaderValue::from_static(forwarded));
            assert_eq!(trusted.client(peer, &headers).to_string(), expected, "{forwarded}");
        }
    }

    /// PRX-10
    #[test]
    fn a_proxy_on_a_unix_socket_counts_where_the_settings_or_its_permissions_say_so() {
        let socket = |mode| Listen::Socket {
            path: "/run/bff/bff.sock".into(),
            mode,
        };
        let address = Listen::Address("127.0.0.1:3000".parse().expect("an address"));
        let named = |list| TrustedProxies::parse(list).expect("a list");
        for (trusted, expected) in [
            (TrustedProxies::usual(&socket(0o660)), Some("203.0.113.9")),
            (TrustedProxies::usual(&socket(0o666)), None),
            (TrustedProxies::usual(&socket(0o662)), None),
            (TrustedProxies::usual(&address), None),
            (named("unix"), Some("203.0.113.9")),
            (named("10.0.0.0/8"), None),
            (named("0.0.0.0/0"), None),
            (named("unix 203.0.113.0/24"), Some("198.51.100.7")),
        ] {
            let mut headers = HeaderMap::new();
            let line = HeaderValue::from_static("192.0.2.1, 0.0.0.0, 198.51.100.7, 203.0.113.9");
            headers.insert("x-forwarded-for", line);
            let seen = trusted.seen_from(Some(Extension(ConnectInfo(Peer::SOCKET))), &headers);
            let seen = seen.address.map(|address| address.to_string());
            assert_eq!(seen.as_deref(), expected, "{trusted:?}");
        }
        // Nobody but us stands for a socket by that address.
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.1, 0.0.0.0"));
        let seen = named("unix 10.0.0.0/8").client("10.1.2.3".parse().expect("an address"), &headers);
        assert_eq!(seen.to_string(), "10.1.2.3");
    }

    #[test]
    fn a_list_that_is_none_is_refused_by_its_entry() {
        assert!(TrustedProxies::parse("10.0.0.0/8, ::1 fd00::/8 unix").is_ok());
        assert!(
            TrustedProxies::parse("10.0.0.0/8 proxy.internal")
                .expect_err("no address")
                .contains("proxy.internal")
        );
    }
}
