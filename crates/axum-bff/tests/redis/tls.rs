//! Servers that speak TLS only, with an ACL user that has only the rights that `bff` needs.

use super::certificates::Certificates;
use super::node::Node;
use crate::loopback::free_address;

pub(crate) const PASSWORD: &str = "canary-password";

/// The user with the rights that docs/operations.md tells operators to give: these commands, on these keys.
const ACL: &str = include_str!("../../../../deploy/redis/bff.acl");

/// The user at the sentinels.
const SENTINEL_ACL: &str = include_str!("../../../../deploy/redis/sentinel.acl");

pub(crate) struct TlsRedis {
    pub(crate) node: Node,
    pub(crate) certificates: Certificates,
}

impl TlsRedis {
    /// Starts a server that no other user may use.
    pub(crate) fn start() -> Self {
        Self::start_with(Certificates::new())
    }

    /// Like [`start`](Self::start), with these certificates.
    pub(crate) fn start_with(certificates: Certificates) -> Self {
        let users = certificates.write("users.acl", &format!("{}\nuser default off\n", rules(ACL)));
        let node = node(&certificates, &["--aclfile", &users]);
        Self { node, certificates }
    }
}

/// Starts one of several servers. Its default user has all rights, because the other servers and the test use it.
pub(super) fn one_of_several(certificates: &Certificates, arguments: &[&str]) -> Node {
    let anybody = "user default on nopass ~* &* +@all";
    let users = certificates.write("nodes.acl", &format!("{}\n{anybody}\n", rules(ACL)));
    node(certificates, &[&["--aclfile", &users], arguments].concat())
}

/// The lines of a sentinel's settings that define its users.
pub(super) fn sentinel_rules() -> String {
    rules(SENTINEL_ACL)
}

fn rules(text: &str) -> String {
    text.trim().replace("PASSWORD", PASSWORD)
}

fn node(certificates: &Certificates, arguments: &[&str]) -> Node {
    let port = free_address().port();
    let settings = certificates.settings(port);
    let settings: Vec<(String, &str)> = settings
        .iter()
        .map(|(name, value)| (format!("--{name}"), value.as_str()))
        .collect();
    let mut all: Vec<&str> = settings
        .iter()
        .flat_map(|(name, value)| [name.as_str(), value])
        .collect();
    all.extend(arguments);
    Node::start_at(port, &all).asked_over(certificates.client())
}
