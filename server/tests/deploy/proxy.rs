//! One of the proxies, with the shipped file: the test changes addresses and the names of files, as an operator does, and
//! nothing else.

use crate::browser::HOST;
use crate::loopback::free_address;
use crate::world::World;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::CertificateDer;
use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The names of the certificate's files in the shipped files.
const FILES: [&str; 3] = [
    "/etc/ssl/app.example.com.both.pem",
    "/etc/ssl/app.example.com.pem",
    "/etc/ssl/app.example.com.key",
];

/// What a proxy needs before it starts.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) secure: SocketAddr,
    pub(crate) plain: SocketAddr,
    certificate: CertificateDer<'static>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new([HOST.to_owned()])
            .and_then(|params| params.self_signed(&key))
            .expect("a certificate");
        let (certificate_pem, key_pem) = (certificate.pem(), key.serialize_pem());
        let both = format!("{certificate_pem}{key_pem}");
        for (name, content) in FILES.into_iter().zip([both, certificate_pem, key_pem]) {
            std::fs::write(folder.path().join(file_name(name)), content).expect("written");
        }
        Self {
            folder,
            secure: free_address(),
            plain: free_address(),
            certificate: certificate.der().clone(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    /// The shipped file with the replicas of this world, the test's certificate and `further` changes.
    pub(crate) fn shipped(&self, file: &str, world: &World, further: &[(&str, String)]) -> String {
        let mut text = read(file);
        let files: Vec<(&str, String)> = FILES
            .into_iter()
            .filter(|name| text.contains(*name))
            .map(|name| (name, self.path(file_name(name)).display().to_string()))
            .collect();
        assert!(!files.is_empty(), "{file} names no certificate");
        let replicas = world.replicas();
        for (from, to) in replicas.iter().chain(&files).chain(further) {
            assert!(text.contains(from), "{file} does not have {from}");
            text = text.replace(from, to);
        }
        text
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A file of `deploy/`.
pub(crate) fn read(file: &str) -> String {
    let path = root().join("deploy").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A proxy that runs.
pub(crate) struct Proxy {
    process: Child,
    place: Place,
}

/// The program that the variable of the environment names, or that `PATH` has.
pub(crate) fn program(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from)
}

impl Proxy {
    /// Starts the program with these arguments, and waits until it listens. What it says goes to the file `said`.
    pub(crate) fn start(place: Place, program: &Path, arguments: &[&str]) -> Self {
        let said = File::create(place.path("said")).expect("a file");
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("HOME", place.path(""))
            .env("XDG_DATA_HOME", place.path(""))
            .env("XDG_CONFIG_HOME", place.path(""))
            .stdin(Stdio::null())
            .stdout(said.try_clone().expect("a file"))
            .stderr(said);
        // The libraries of programs that are unpacked and not installed.
        if let Some(libraries) = std::env::var_os("PROXY_LIBRARIES") {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        let process = command.spawn().unwrap_or_else(|error| {
            panic!(
                "{} cannot be started ({error}): `cargo xtask test integration` gets it, and `--skip` leaves the test out by name",
                program.display()
            )
        });
        let mut proxy = Self { process, place };
        let begun = Instant::now();
        while TcpStream::connect(proxy.place.secure).is_err() {
            let has_ended = proxy.process.try_wait().expect("waits").is_some();
            let is_late = begun.elapsed() > Duration::from_secs(20);
            assert!(!has_ended && !is_late, "the proxy did not come up: {}", proxy.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        proxy
    }

    pub(crate) fn secure(&self) -> SocketAddr {
        self.place.secure
    }

    pub(crate) fn plain(&self) -> SocketAddr {
        self.place.plain
    }

    pub(crate) fn certificate(&self) -> &CertificateDer<'static> {
        &self.place.certificate
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.place.path("said")).unwrap_or_default()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("the proxy said: {}", self.said());
        }
    }
}
