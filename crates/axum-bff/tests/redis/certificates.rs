//! Certificates for servers that speak TLS only, and the authorities that clients trust.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A folder with one certificate, which all servers have. It names `localhost` and no IP address. Clients have another
/// one.
pub(crate) struct Certificates {
    folder: TempDir,
    /// `tls-auth-clients`: whether servers ask clients for a certificate.
    auth_clients: &'static str,
}

impl Certificates {
    pub(crate) fn new() -> Self {
        Self::with("no")
    }

    /// Like [`new`](Self::new), for servers that refuse a client without a certificate.
    pub(crate) fn asking_clients() -> Self {
        Self::with("yes")
    }

    fn with(auth_clients: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = authority("ours");
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(["localhost".to_owned()])
            .and_then(|params| params.signed_by(&key, &ours))
            .expect("a certificate");
        let certificates = Self { folder, auth_clients };
        let other = authority("other");
        certificates.write("ca.pem", &ours.pem());
        certificates.write("other-ca.pem", &other.pem());
        for (name, by) in [("client", &ours), ("other-client", &other)] {
            let key = KeyPair::generate().expect("a key");
            let certificate = CertificateParams::new(["bff".to_owned()])
                .and_then(|params| params.signed_by(&key, by))
                .expect("a certificate");
            certificates.write(&format!("{name}.pem"), &certificate.pem());
            certificates.write(&format!("{name}.key"), &key.serialize_pem());
        }
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
            ("tls-auth-clients", self.auth_clients.to_owned()),
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

    /// The files of a client's certificate and its key.
    pub(crate) fn client_certificate(&self) -> [String; 2] {
        [self.file("client.pem"), self.file("client.key")]
    }

    /// The same, from an authority that servers do not know.
    pub(crate) fn other_client_certificate(&self) -> [String; 2] {
        [self.file("other-client.pem"), self.file("other-client.key")]
    }

    /// The settings with which the test itself connects to such a server.
    pub(crate) fn client(&self) -> Arc<ClientConfig> {
        let mut trusted = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(self.authority()).expect("a file") {
            trusted.add(certificate.expect("a certificate")).expect("an authority");
        }
        let certificate = CertificateDer::from_pem_file(self.path("client.pem")).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(self.path("client.key")).expect("a key");
        let config = ClientConfig::builder().with_root_certificates(trusted);
        Arc::new(config.with_client_auth_cert(vec![certificate], key).expect("a pair"))
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
