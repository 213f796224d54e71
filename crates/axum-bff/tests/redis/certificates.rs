//! Certificates for servers that speak TLS only, and the authorities that clients trust.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A folder with one certificate, which all servers have. It names `localhost` and no IP address.
pub(crate) struct Certificates {
    folder: TempDir,
}

impl Certificates {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = authority("ours");
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(["localhost".to_owned()])
            .and_then(|params| params.signed_by(&key, &ours))
            .expect("a certificate");
        let certificates = Self { folder };
        certificates.write("ca.pem", &ours.pem());
        certificates.write("other-ca.pem", &authority("other").pem());
        certificates.write("server.pem", &certificate.pem());
        certificates.write("server.key", &key.serialize_pem());
        certificates
    }

    /// Writes a file into the folder, and returns its path. An existing file is replaced in one step. redis-server
    /// listens before it reads its file of users, and would find no users while the test writes the file for the next
    /// server.
    pub(crate) fn write(&self, name: &str, content: &str) -> String {
        let unfinished = self.path("unfinished");
        std::fs::write(&unfinished, content).expect("written");
        std::fs::rename(unfinished, self.path(name)).expect("in its place");
        self.file(name)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The settings of a server that speaks TLS on this port and has no plain port.
    pub(crate) fn settings(&self, port: u16) -> Vec<(&'static str, String)> {
        vec![
            ("port", "0".to_owned()),
            ("tls-port", port.to_string()),
            ("tls-auth-clients", "no".to_owned()),
            ("tls-replication", "yes".to_owned()),
            ("tls-ca-cert-file", self.file("ca.pem")),
            ("tls-cert-file", self.file("server.pem")),
            ("tls-key-file", self.file("server.key")),
        ]
    }

    /// The authority that issued the certificate.
    pub(crate) fn authority(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// An authority that did not issue the certificate.
    pub(crate) fn other_authority(&self) -> PathBuf {
        self.path("other-ca.pem")
    }

    /// The settings with which the test itself connects to such a server.
    pub(crate) fn client(&self) -> Arc<ClientConfig> {
        let mut trusted = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(self.authority()).expect("a file") {
            trusted.add(certificate.expect("a certificate")).expect("an authority");
        }
        let config = ClientConfig::builder().with_root_certificates(trusted);
        Arc::new(config.with_no_client_auth())
    }
}

pub(super) fn encrypted(client: &Arc<ClientConfig>, connection: TcpStream) -> StreamOwned<ClientConnection, TcpStream> {
    let name = "localhost".try_into().expect("a name");
    let session = ClientConnection::new(client.clone(), name).expect("a session");
    StreamOwned::new(session, connection)
}

/// A certificate authority with this name.
pub(crate) fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}
