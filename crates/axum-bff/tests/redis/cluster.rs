//! Three primaries with a third of the slots each, and a replica for each.

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
    /// Starts all, and waits until every slot has an owner and every primary a replica.
    pub(crate) fn start() -> Self {
        Self::of(Node::start)
    }

    /// The same where everything is TLS, and told by its name.
    pub(crate) fn start_encrypted(certificates: &Certificates) -> Self {
        let named = [
            ["--tls-cluster", "yes"],
            ["--cluster-announce-hostname", "localhost"],
            ["--cluster-preferred-endpoint-type", "hostname"],
            // Handshakes take time: on a busy machine nobody is to be taken for dead who is not.
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

    /// The same where each node is reached over a way of its own, on which connections can vanish.
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
            // So that no two of them ever claim the same one.
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

    /// The address for `BFF_REDIS_URL`: two of the nodes; the client finds the others.
    pub(crate) fn url(&self) -> String {
        let [first, second, ..] = &self.primaries[..] else {
            unreachable!("three")
        };
        format!(
            "redis-cluster://127.0.0.1:{}?node=127.0.0.1:{}",
            first.port, second.port
        )
    }

    /// The same over TLS.
    pub(crate) fn encrypted_url(&self) -> String {
        let [first, second, ..] = &self.primaries[..] else {
            unreachable!("three")
        };
        let (first, second) = (first.port, second.port);
        format!("rediss-cluster://bff:{PASSWORD}@localhost:{first}?node=localhost:{second}")
    }

    /// Begins to move every slot that holds a key from the first primary to the second, and stops
    /// halfway: what is there is answered by the first, for what is not it sends askers on.
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

    /// Moves the slot of a key from one primary to the other, and waits until every node has heard.
    pub(crate) fn moved(&self, key: &str, from: usize, to: usize) {
        let (from, to) = (&self.primaries[from], &self.primaries[to]);
        let (from_id, to_id) = (id(from), id(to));
        let slot = from.ask(&["CLUSTER", "KEYSLOT", key]);
        let slot = slot.trim().trim_start_matches(':');
        ok(&to.ask(&["CLUSTER", "SETSLOT", slot, "IMPORTING", &from_id]));
        ok(&from.ask(&["CLUSTER", "SETSLOT", slot, "MIGRATING", &to_id]));
        let port = to.port.to_string();
        for key in lines(&from.ask(&["CLUSTER", "GETKEYSINSLOT", slot, "100"])) {
            ok(&from.ask(&["MIGRATE", "127.0.0.1", &port, key, "0", "5000"]));
        }
        ok(&to.ask(&["CLUSTER", "SETSLOT", slot, "NODE", &to_id]));
        ok(&from.ask(&["CLUSTER", "SETSLOT", slot, "NODE", &to_id]));
        for primary in &self.primaries {
            primary.until(&["CLUSTER", "SLOTS"], |said| {
                said.contains(&format!(":{slot}\r\n:{slot}\r\n*")) && said.matches(&port).count() > 1
            });
        }
    }

    /// How many commands of the application the primaries have had.
    pub(crate) fn commands(&self) -> u64 {
        self.primaries.iter().map(Node::commands).sum()
    }

    /// How many keys each primary has.
    pub(crate) fn keys(&self) -> Vec<u64> {
        let size = |node: &Node| node.ask(&["DBSIZE"]).lines().next()?.strip_prefix(':')?.parse().ok();
        self.primaries.iter().filter_map(size).collect()
    }

    /// Waits until each replica has what its primary has.
    pub(crate) fn replicated(&self) {
        for (primary, replica) in self.primaries.iter().zip(&self.replicas) {
            let size = primary.ask(&["DBSIZE"]);
            replica.until(&["DBSIZE"], |said| said == size);
        }
    }
}

/// The bus is on a free port too, not on the usual one ten thousand higher.
fn settings(bus: &str) -> [&str; 6] {
    let (enabled, timeout) = (["--cluster-enabled", "yes"], ["--cluster-node-timeout", "1000"]);
    [enabled[0], enabled[1], "--cluster-port", bus, timeout[0], timeout[1]]
}

/// The session records that a node has.
pub(crate) fn records(node: &Node) -> Vec<String> {
    let keys = node.ask(&["KEYS", "??????????????????????"]);
    lines(&keys).map(str::to_owned).collect()
}

/// The texts of an answer that is a list of them.
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
