//! A cluster of three primaries, each with a third of the slots, and a replica for each primary.

use super::certificates::Certificates;
use super::node::Node;
use super::proxy::Proxy;
use super::tls::{PASSWORD, one_of_several};
use crate::loopback::free_address;

const PRIMARIES: usize = 3;

/// How many slots a cluster has (Redis Cluster Specification).
const SLOTS: usize = 16_384;

pub(crate) struct Cluster {
    pub(crate) primaries: Vec<Node>,
    pub(crate) replicas: Vec<Node>,
}

impl Cluster {
    /// Starts all nodes, and waits until every slot has an owner and every primary has a replica.
    pub(crate) fn start() -> Self {
        Self::of(Node::start)
    }

    /// Like [`start`](Self::start), but all connections use TLS, and the nodes announce their host name.
    pub(crate) fn start_encrypted(certificates: &Certificates) -> Self {
        let named = [
            ["--tls-cluster", "yes"],
            ["--cluster-announce-hostname", "localhost"],
            ["--cluster-preferred-endpoint-type", "hostname"],
            // Handshakes take time, and on a busy machine no node may be taken for dead because of that.
            ["--cluster-node-timeout", "2000"],
        ];
        let cluster = Self::of(|arguments| one_of_several(certificates, &[arguments, &named.concat()[..]].concat()));
        for node in cluster.primaries.iter().chain(&cluster.replicas) {
            node.until(&["CLUSTER", "NODES"], |said| {
                said.matches(",localhost ").count() == 2 * PRIMARIES
            });
        }
        cluster
    }

    /// Like [`start`](Self::start), but each node is behind a proxy that can make connections vanish.
    pub(crate) fn start_behind() -> (Self, Vec<Proxy>) {
        let mut ways = Vec::new();
        let cluster = Self::of(|arguments| {
            let way = Proxy::start();
            let port = way.port.to_string();
            let node = Node::start(&[arguments, &["--cluster-announce-port", &port]].concat());
            way.lead_to(node.port);
            ways.push(way);
            node
        });
        (cluster, ways)
    }

    fn of(mut start: impl FnMut(&[&str]) -> Node) -> Self {
        let started = (0..2 * PRIMARIES).map(|_| {
            let bus = free_address().port();
            (bus, start(&settings(&bus.to_string())))
        });
        let (buses, nodes): (Vec<u16>, Vec<Node>) = started.unzip();
        let ids: Vec<String> = nodes.iter().map(id).collect();
        for (index, node) in nodes.iter().take(PRIMARIES).enumerate() {
            let first = (SLOTS * index / PRIMARIES).to_string();
            let last = (SLOTS * (index + 1) / PRIMARIES - 1).to_string();
            ok(&node.ask(&["CLUSTER", "ADDSLOTSRANGE", &first, &last]));
            // With different epochs, no two primaries ever claim the same one.
            ok(&node.ask(&["CLUSTER", "SET-CONFIG-EPOCH", &(index + 1).to_string()]));
        }
        for (node, bus) in nodes.iter().zip(&buses).skip(1) {
            let (port, bus) = (node.port.to_string(), bus.to_string());
            ok(&nodes[0].ask(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus]));
        }
        for node in &nodes {
            node.until(&["CLUSTER", "INFO"], |said| {
                said.contains("cluster_state:ok") && said.contains("cluster_known_nodes:6")
            });
        }
        for (replica, primary) in nodes[PRIMARIES..].iter().zip(&ids) {
            replica.until(&["CLUSTER", "REPLICATE", primary], |said| said.starts_with("+OK"));
        }
        for node in &nodes {
            node.until(&["CLUSTER", "NODES"], |said| {
                said.matches(" slave ").count() + said.matches(",slave ").count() == PRIMARIES
            });
        }
        for replica in &nodes[PRIMARIES..] {
            replica.until(&["INFO", "replication"], |said| said.contains("master_link_status:up"));
        }
        let mut primaries = nodes;
        let replicas = primaries.split_off(PRIMARIES);
        Self { primaries, replicas }
    }

    /// The address for `BFF_REDIS_URL`. It names two nodes, and the client finds the others.
    pub(crate) fn url(&self) -> String {
        let [first, second, ..] = &self.primaries[..] else {
            unreachable!("three")
        };
        format!(
            "redis-cluster://127.0.0.1:{}?node=127.0.0.1:{}",
            first.port, second.port
        )
    }

    /// Like [`url`](Self::url), with TLS.
    pub(crate) fn encrypted_url(&self) -> String {
        let [first, second, ..] = &self.primaries[..] else {
            unreachable!("three")
        };
        let (first, second) = (first.port, second.port);
        format!("rediss-cluster://bff:{PASSWORD}@localhost:{first}?node=localhost:{second}")
    }

    /// Begins to move every slot that holds a key from the first primary to the second, and stops halfway. The first
    /// primary answers for the keys that it still has, and redirects clients that ask for others.
    pub(crate) fn half_moved(&self) {
        let [from, to, ..] = &self.primaries[..] else {
            unreachable!("three")
        };
        let (from_id, to_id) = (id(from), id(to));
        for key in lines(&from.ask(&["KEYS", "*"])) {
            let slot = from.ask(&["CLUSTER", "KEYSLOT", key]);
            let slot = slot.trim().trim_start_matches(':');
            ok(&to.ask(&["CLUSTER", "SETSLOT", slot, "IMPORTING", &from_id]));
            ok(&from.ask(&["CLUSTER", "SETSLOT", slot, "MIGRATING", &to_id]));
        }
    }

    /// How many keys each primary has.
    pub(crate) fn keys(&self) -> Vec<u64> {
        let size = |node: &Node| node.ask(&["DBSIZE"]).lines().next()?.strip_prefix(':')?.parse().ok();
        self.primaries.iter().filter_map(size).collect()
    }

    /// Waits until each replica has as many keys as its primary.
    pub(crate) fn replicated(&self) {
        for (primary, replica) in self.primaries.iter().zip(&self.replicas) {
            let size = primary.ask(&["DBSIZE"]);
            replica.until(&["DBSIZE"], |said| said == size);
        }
    }
}

/// The settings of a node. Its bus uses a free port too, instead of the usual one, which is ten thousand higher.
fn settings(bus: &str) -> [&str; 6] {
    let (enabled, timeout) = (["--cluster-enabled", "yes"], ["--cluster-node-timeout", "1000"]);
    [enabled[0], enabled[1], "--cluster-port", bus, timeout[0], timeout[1]]
}

/// The session records that a node has.
pub(crate) fn records(node: &Node) -> Vec<String> {
    let keys = node.ask(&["KEYS", "??????????????????????"]);
    lines(&keys).map(str::to_owned).collect()
}

/// The texts of an answer that is a list of texts.
fn lines(answer: &str) -> impl Iterator<Item = &str> {
    answer.lines().filter(|line| !line.starts_with(['*', '$']))
}

fn id(node: &Node) -> String {
    let said = node.ask(&["CLUSTER", "MYID"]);
    said.lines().nth(1).expect("an id").to_owned()
}

fn ok(said: &str) {
    assert!(said.starts_with("+OK"), "{said}");
}
