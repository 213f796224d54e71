//! A primary with one replica, and three sentinels of which two decide.

use super::node::Node;

pub(crate) struct Sentinels {
    pub(crate) primary: Node,
    pub(crate) replica: Node,
    watchers: Vec<Node>,
}

impl Sentinels {
    /// Starts all, and waits until a failover could be made.
    pub(crate) fn start() -> Self {
        let primary = Node::start(&[]);
        let replica = Node::start(&["--replicaof", "127.0.0.1", &primary.port.to_string()]);
        replica.until(&["INFO", "replication"], |said| said.contains("master_link_status:up"));
        let sentinels: Vec<Node> = (0..3).map(|_| Node::sentinel(primary.port, 2)).collect();
        for sentinel in &sentinels {
            sentinel.until(&["SENTINEL", "CKQUORUM", "main"], |said| {
                said.starts_with("+OK 3 usable Sentinels")
            });
            let port = replica.port.to_string();
            sentinel.until(&["SENTINEL", "REPLICAS", "main"], |said| said.contains(&port));
        }
        Self {
            primary,
            replica,
            watchers: sentinels,
        }
    }

    /// The address for `BFF_REDIS_URL`.
    pub(crate) fn url(&self) -> String {
        let [first, rest @ ..] = &self.watchers[..] else {
            unreachable!("three")
        };
        let others: Vec<String> = rest
            .iter()
            .map(|other| format!("node=127.0.0.1:{}", other.port))
            .collect();
        let others = others.join("&");
        format!(
            "redis-sentinel://127.0.0.1:{}?sentinelServiceName=main&{others}",
            first.port
        )
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
