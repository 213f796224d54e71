//! A redis-server that speaks TLS only, with an ACL user that may do what `bff` needs.

use super::node::{Node, free_port};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::PathBuf;
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "canary-password";

/// What the README tells operators to give: these commands, on these keys.
const ACL: &str = include_str!("bff.acl");

pub(crate) struct TlsRedis {
    pub(crate) node: Node,
    folder: TempDir,
}

impl TlsRedis {
    /// Starts one whose certificate is for `localhost` and for no address.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = authority("ours");
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(["localhost".to_owned()])
            .and_then(|params| params.signed_by(&key, &ours))
            .expect("a certificate");
        let write = |name: &str, content: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("written");
            path.display().to_string()
        };
        let authority_file = write("ca.pem", &ours.pem());
        write("other-ca.pem", &authority("other").pem());
        let certificate_file = write("server.pem", &certificate.pem());
        let key_file = write("server.key", &key.serialize_pem());
        let port = free_port();
        let rules = ACL.trim().replace("PASSWORD", PASSWORD);
        let acl_file = write("users.acl", &format!("{rules}\nuser default off\n"));
        let node = Node::start_at(
            port,
            &[
                ["--port", "0"],
                ["--tls-port", &port.to_string()],
                ["--tls-auth-clients", "no"],
                ["--tls-ca-cert-file", &authority_file],
                ["--tls-cert-file", &certificate_file],
                ["--tls-key-file", &key_file],
                ["--aclfile", &acl_file],
            ]
            .concat(),
        );
        Self { node, folder }
    }

    /// The authority of its certificate.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// An authority that has nothing to do with it.
    pub(crate) fn other_authority(&self) -> PathBuf {
        self.folder.path().join("other-ca.pem")
    }
}

/// A certificate authority of this name.
pub(crate) fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}
