//! TLS of the server itself.

use super::health;
use crate::bff_process::{Running, complete, said};
use crate::loopback::free_address;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(20);

/// The host of `BFF_PUBLIC_URL`.
const HOST: &str = "app.example.com";

/// A self-signed certificate with its key, in files.
struct Pair {
    folder: TempDir,
    certificate: CertificateDer<'static>,
}

impl Pair {
    fn new(host: &str, until: i32) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([host.to_owned()]).expect("a host");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.self_signed(&key).expect("signed");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("tls.pem"), certificate.pem()).expect("written");
        std::fs::write(folder.path().join("tls.key"), key.serialize_pem()).expect("written");
        Self {
            folder,
            certificate: certificate.der().clone(),
        }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Starts `bff` with the certificate and these settings.
    fn serve(&self, settings: &[(&str, &str)]) -> Running {
        let (certificate, key) = (self.file("tls.pem"), self.file("tls.key"));
        let mut all = vec![
            ("BFF_TLS_CERTIFICATE_FILE", certificate.as_str()),
            ("BFF_TLS_KEY_FILE", key.as_str()),
        ];
        all.extend(settings);
        Running::start_with(&all)
    }

    /// A connection that trusts this certificate alone.
    fn connect(
        &self,
        bff: &Running,
        version: &'static SupportedProtocolVersion,
    ) -> StreamOwned<ClientConnection, TcpStream> {
        let mut trusted = RootCertStore::empty();
        trusted.add(self.certificate.clone()).expect("a certificate");
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(ring)
            .with_protocol_versions(&[version])
            .expect("a version")
            .with_root_certificates(trusted)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = HOST.try_into().expect("a name");
        let session = ClientConnection::new(Arc::new(config), name).expect("a session");
        let connection = TcpStream::connect(&bff.address).expect("connects");
        connection.set_read_timeout(Some(LONG)).expect("a bound");
        StreamOwned::new(session, connection)
    }
}

fn get(mut connection: StreamOwned<ClientConnection, TcpStream>, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends this text without TLS, and reads to the end.
fn plain(bff: &Running, text: &str) -> Vec<u8> {
    let mut connection = TcpStream::connect(&bff.address).expect("connects");
    connection.set_read_timeout(Some(LONG)).expect("a bound");
    connection.write_all(text.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer);
    answer
}

#[test]
fn pages_come_over_tls_of_either_version_and_nothing_comes_without_it() {
    let pair = Pair::new(HOST, 3000);
    let mut bff = pair.serve(&[]);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let answer = get(pair.connect(&bff, version), "/");
        assert!(answer.starts_with("HTTP/1.1 200"), "{version:?}: {answer}");
        let mut connection = pair.connect(&bff, version);
        let asked = format!("GET /livez HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
        for _ in 0..2 {
            connection.write_all(asked.as_bytes()).expect("a kept connection");
            let mut status = [0; 12];
            connection.read_exact(&mut status).expect("an answer");
            assert_eq!(&status, b"HTTP/1.1 200");
            let mut rest = Vec::new();
            while !rest.ends_with(b"}") {
                let mut byte = [0];
                connection.read_exact(&mut byte).expect("the rest");
                rest.extend(byte);
            }
        }
        assert_eq!(connection.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
    let answer = plain(&bff, "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP/1.1"), "{answer:?}");
    bff.ends_at_sigterm();
}

#[test]
fn half_handshakes_are_closed_after_their_bound_and_keep_nobody_out() {
    let pair = Pair::new(HOST, 3000);
    let mut bff = pair.serve(&[("BFF_HEAD_TIMEOUT", "1s"), ("BFF_CONNECTIONS", "8")]);
    // The head of a record, without the record.
    let half = [0x16, 0x03, 0x01, 0x02, 0x00];
    let begun = Instant::now();
    let mut strangers: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stranger = TcpStream::connect(&bff.address).expect("connects");
            stranger.set_read_timeout(Some(LONG)).expect("a bound");
            let _ = stranger.write_all(&half);
            stranger
        })
        .collect();
    let answer = get(pair.connect(&bff, &rustls::version::TLS13), "/livez");
    assert!(answer.starts_with("HTTP/1.1 200"), "others are served: {answer}");
    for stranger in &mut strangers {
        let _ = stranger.read_to_end(&mut Vec::new());
    }
    assert!(begun.elapsed() < LONG);
    let _half = TcpStream::connect(&bff.address).expect("connects");
    bff.ends_at_sigterm();
}

#[test]
fn health_asks_the_servers_own_tls_without_its_name_and_no_other_without_trust() {
    let pair = Pair::new(HOST, 3000);
    let bff = pair.serve(&[]);
    let certificate = pair.file("tls.pem");
    let settings = [
        ("BFF_LISTEN", bff.address.as_str()),
        ("BFF_TLS_CERTIFICATE_FILE", certificate.as_str()),
        ("BFF_CLIENT_SECRET_FILE", "/nowhere"),
    ];
    assert_eq!(health(&settings, &[]), Some(0));
    assert_eq!(health(&settings, &["--ready"]), Some(0));
    let url = format!("https://{}", bff.address);
    assert_eq!(health(&[], &["--url", &url]), Some(0));
    assert_eq!(health(&settings[..1], &[]), Some(1), "it speaks no plain HTTP");
    let away = format!("http://{}", free_address());
    assert_eq!(health(&settings, &["--url", &away]), Some(1));
}

/// The file and its fault are in the list of all faults.
#[test]
fn a_certificate_and_a_key_that_do_not_fit_stop_the_start() {
    let (one, other) = (Pair::new(HOST, 3000), Pair::new(HOST, 3000));
    for (certificate, key, named) in [
        (
            Some(one.file("tls.pem")),
            Some(other.file("tls.key")),
            "BFF_TLS_KEY_FILE: holds",
        ),
        (
            Some(one.file("tls.key")),
            Some(one.file("tls.key")),
            "BFF_TLS_CERTIFICATE_FILE: holds",
        ),
        (Some(one.file("tls.pem")), None, "BFF_TLS_CERTIFICATE_FILE: is set"),
        (None, Some(one.file("tls.key")), "BFF_TLS_KEY_FILE: is set"),
    ] {
        let mut command = complete("127.0.0.1:0");
        command.envs(certificate.map(|file| ("BFF_TLS_CERTIFICATE_FILE", file)));
        command.envs(key.map(|file| ("BFF_TLS_KEY_FILE", file)));
        let output = command.output().expect("runs");
        assert_eq!(output.status.code(), Some(2), "{named}");
        assert!(said(&output).contains(named), "{named}: {}", said(&output));
    }
}

#[test]
fn a_certificate_that_browsers_refuse_is_said_at_the_start() {
    for (host, until, expected) in [
        (HOST, 2021, "expired on 2021-01-01"),
        ("other.example.com", 3000, "does not name the host"),
    ] {
        let pair = Pair::new(host, until);
        let log = tempfile::NamedTempFile::new().expect("a file");
        let (certificate, key) = (pair.file("tls.pem"), pair.file("tls.key"));
        let settings = [
            ("BFF_TLS_CERTIFICATE_FILE", certificate.as_str()),
            ("BFF_TLS_KEY_FILE", key.as_str()),
        ];
        let _bff = Running::start_logging(&settings, log.reopen().expect("a file").into());
        until_said(log.path(), &["setting_risky", expected]);
        let doctor = Command::new(env!("CARGO_BIN_EXE_bff"))
            .arg("doctor")
            .env_clear()
            .envs(
                complete("127.0.0.1:0")
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .envs(settings)
            .output()
            .expect("it runs");
        let printed = String::from_utf8_lossy(&doctor.stdout).into_owned();
        assert!(printed.contains(expected), "{printed}");
        assert!(printed.contains("with TLS of its own"), "{printed}");
    }
}

#[cfg(unix)]
#[test]
fn a_new_certificate_is_served_after_sighup_and_a_wrong_pair_changes_nothing() {
    let (pair, other) = (Pair::new(HOST, 3000), Pair::new(HOST, 3000));
    let log = tempfile::NamedTempFile::new().expect("a file");
    let (certificate, key) = (pair.file("tls.pem"), pair.file("tls.key"));
    let settings = [
        ("BFF_TLS_CERTIFICATE_FILE", certificate.as_str()),
        ("BFF_TLS_KEY_FILE", key.as_str()),
    ];
    let mut bff = Running::start_logging(&settings, log.reopen().expect("a file").into());
    let served = |by: &Pair| get(by.connect(&bff, &rustls::version::TLS13), "/livez").starts_with("HTTP/1.1 200");
    assert!(served(&pair));
    std::fs::copy(other.file("tls.key"), &key).expect("written");
    bff.signal("-HUP");
    until_said(log.path(), &["settings_not_reloaded", "BFF_TLS_KEY_FILE"]);
    assert!(served(&pair), "the pair of before goes on");
    std::fs::copy(other.file("tls.pem"), &certificate).expect("written");
    bff.signal("-HUP");
    until_said(log.path(), &["settings_reloaded", "BFF_TLS_CERTIFICATE_FILE"]);
    let begun = Instant::now();
    while !serves(&bff, &other) {
        assert!(begun.elapsed() < LONG, "the new certificate is not served");
        std::thread::sleep(Duration::from_millis(20));
    }
    bff.ends_at_sigterm();
}

/// Whether a client that trusts this certificate alone finishes its handshake.
#[cfg(unix)]
fn serves(bff: &Running, by: &Pair) -> bool {
    let mut connection = by.connect(bff, &rustls::version::TLS13);
    let StreamOwned { conn, sock } = &mut connection;
    conn.complete_io(sock).is_ok() && !conn.is_handshaking()
}

fn until_said(log: &Path, words: &[&str]) {
    let begun = Instant::now();
    loop {
        let said = std::fs::read_to_string(log).expect("a log");
        if words.iter().all(|word| said.contains(word)) {
            return;
        }
        assert!(begun.elapsed() < LONG, "{words:?} are not in: {said}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
