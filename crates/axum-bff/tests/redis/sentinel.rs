//! A primary with one replica, and three sentinels. Two of the sentinels can decide on a failover.

use super::certificates::Certificates;
use super::node::Node;
use super::proxy::Proxy;
use super::tls::{PASSWORD, one_of_several, sentinel_rules};
use crate::loopback::free_address;

pub(crate) struct Sentinels {
    pub(crate) primary: Node,
    pub(crate) replica: Node,
    watchers: Vec<Node>,
}

/// How the sentinels watch the primary. The times are as short as a test needs them.
const WATCH: &str = "sentinel down-after-milliseconds main 700\nsentinel failover-timeout main 3000\n";

impl Sentinels {
    /// Starts all servers, and waits until a failover is possible.
    pub(crate) fn start() -> Self {
        let primary = Node::start(&[]);
        let replica = Node::start(&["--replicaof", "127.0.0.1", &primary.port.to_string()]);
        let sentinel = |port: u16| {
            let watched = format!("sentinel monitor main 127.0.0.1 {} 2\n{WATCH}", primary.port);
            Node::sentinel(port, &format!("port {port}\nbind 127.0.0.1\n{watched}"), None)
        };
        let watchers = (0..3).map(|_| sentinel(free_address().port())).collect();
        Self::ready(primary, replica, watchers)
    }

    /// Like [`start`](Self::start), but the primary is behind a proxy that can make connections vanish. The sentinels'
    /// own connections vanish too, but the sentinels wait longer than any test lasts. So the replica does not take
    /// over.
    pub(crate) fn start_behind() -> (Self, Proxy) {
        let (primary, way) = (Node::start(&[]), Proxy::start());
        way.lead_to(primary.port);
        let replica = Node::start(&["--replicaof", "127.0.0.1", &primary.port.to_string()]);
        let sentinel = |port: u16| {
            let watched = format!("sentinel monitor main 127.0.0.1 {} 2\n", way.port);
            let patience = "sentinel down-after-milliseconds main 600000\n";
            Node::sentinel(port, &format!("port {port}\nbind 127.0.0.1\n{watched}{patience}"), None)
        };
        let watchers = (0..3).map(|_| sentinel(free_address().port())).collect();
        (Self::ready(primary, replica, watchers), way)
    }

    /// Like [`start`](Self::start), but all connections use TLS, and the servers announce their host name.
    pub(crate) fn start_encrypted(certificates: &Certificates) -> Self {
        let named = ["--replica-announce-ip", "localhost"];
        let primary = one_of_several(certificates, &named);
        let port = primary.port.to_string();
        let replica = one_of_several(
            certificates,
            &[&named[..], &["--replicaof", "localhost", &port]].concat(),
        );
        let sentinel = |port: u16| {
            let tls = certificates.settings(port).into_iter();
            let mut lines: Vec<String> = tls.map(|(name, value)| format!("{name} {value}")).collect();
            lines.extend(
                [
                    "bind 127.0.0.1 -::1",
                    "sentinel resolve-hostnames yes",
                    "sentinel announce-hostnames yes",
                    "sentinel announce-ip localhost",
                    &sentinel_rules(),
                    &format!("sentinel monitor main localhost {} 2", primary.port),
                    WATCH,
                    // Handshakes take time, and on a busy machine no server may be taken for dead because of that.
                    "sentinel down-after-milliseconds main 4000",
                ]
                .map(str::to_owned),
            );
            let settings = lines.join("\n");
            Node::sentinel(port, &settings, Some(certificates.client()))
        };
        let watchers = (0..3).map(|_| sentinel(free_address().port())).collect();
        Self::ready(primary, replica, watchers)
    }

    fn ready(primary: Node, replica: Node, watchers: Vec<Node>) -> Self {
        replica.until(&["INFO", "replication"], |said| said.contains("master_link_status:up"));
        for sentinel in &watchers {
            sentinel.until(&["SENTINEL", "CKQUORUM", "main"], |said| {
                said.starts_with("+OK 3 usable Sentinels")
            });
            let port = replica.port.to_string();
            sentinel.until(&["SENTINEL", "REPLICAS", "main"], |said| said.contains(&port));
        }
        Self {
            primary,
            replica,
            watchers,
        }
    }

    /// The address for `BFF_REDIS_URL`.
    pub(crate) fn url(&self) -> String {
        format!("redis-sentinel://{}", self.hosts("127.0.0.1"))
    }

    /// Like [`url`](Self::url), with TLS, and with the user and the password for the sentinels.
    pub(crate) fn encrypted_url(&self, sentinel_password: &str) -> String {
        format!(
            "rediss-sentinel://bff:{PASSWORD}@{}&sentinelUsername=bff&sentinelPassword={sentinel_password}",
            self.hosts("localhost")
        )
    }

    fn hosts(&self, host: &str) -> String {
        let [first, rest @ ..] = &self.watchers[..] else {
            unreachable!("three")
        };
        let others: Vec<String> = rest.iter().map(|other| format!("node={host}:{}", other.port)).collect();
        let others = others.join("&");
        format!("{host}:{}?sentinelServiceName=main&{others}", first.port)
    }

    /// How many votes there have been on the sentinel that makes a failover. Each vote begins another epoch.
    pub(crate) fn elections(&self) -> u64 {
        let epoch = |sentinel: &Node| {
            let said = sentinel.ask(&["SENTINEL", "MASTER", "main"]);
            let mut lines = said.lines().skip_while(|line| *line != "config-epoch");
            lines.nth(2)?.parse::<u64>().ok()
        };
        self.watchers.iter().filter_map(epoch).max().unwrap_or_default()
    }

    /// Waits until the replica has all that the primary has written.
    pub(crate) fn replicated(&self) {
        let offset = |said: &str| {
            let line = said.lines().find(|line| line.starts_with("master_repl_offset:"));
            line.map(str::to_owned).expect("an offset")
        };
        let written = offset(&self.primary.ask(&["INFO", "replication"]));
        let number = |line: &str| line.rsplit(':').next().and_then(|text| text.trim().parse::<u64>().ok());
        self.replica.until(&["INFO", "replication"], |said| {
            number(&offset(said)) >= number(&written)
        });
    }
}
