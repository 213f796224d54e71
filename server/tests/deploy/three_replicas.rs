//! `deploy/three-replicas.sh`, by which docs/deployment.md leads to three replicas behind nginx on one machine.

use crate::browser::{Browser, HOST};
use crate::loopback::free_address;
use crate::proxy::{program, root};
use crate::world::{ORIGIN, provider};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BOUND: Duration = Duration::from_secs(30);

/// The script, which ends what it has started when it is told to end.
struct Script {
    process: Child,
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status();
        let begun = Instant::now();
        while begun.elapsed() < BOUND && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The addresses that the script is given.
struct Addresses {
    secure: SocketAddr,
    replicas: Vec<SocketAddr>,
    metrics: Vec<SocketAddr>,
}

impl Addresses {
    fn free() -> Self {
        let three = || (0..3).map(|_| free_address()).collect();
        Self {
            secure: free_address(),
            replicas: three(),
            metrics: three(),
        }
    }
}

fn ports(addresses: &[SocketAddr]) -> String {
    let ports: Vec<String> = addresses.iter().map(|address| address.port().to_string()).collect();
    ports.join(" ")
}

fn start(folder: &Path, addresses: &Addresses, provider: &[(&str, &str)]) -> Script {
    let mut command = Command::new("sh");
    command
        .arg(root().join("deploy/three-replicas.sh"))
        .arg(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("PROGRAM", env!("CARGO_BIN_EXE_bff"))
        .env("NGINX", program("NGINX", "nginx"))
        .env("REDIS_SERVER", program("REDIS_SERVER", "redis-server"))
        .envs([("NAME", HOST), ("PUBLIC_URL", ORIGIN)])
        .env("PORT", addresses.secure.port().to_string())
        .env("PLAIN_PORT", free_address().port().to_string())
        .env("REDIS_PORT", free_address().port().to_string())
        .env("REPLICA_PORTS", ports(&addresses.replicas))
        .env("METRICS_PORTS", ports(&addresses.metrics))
        .envs(provider.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    if let Some(libraries) = std::env::var_os("PROXY_LIBRARIES") {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    let process = command.spawn().expect("sh runs");
    Script { process }
}

/// Waits until something listens there. A failure shows what the script's programs wrote into its folder.
fn wait_for(address: SocketAddr, folder: &Path) {
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(
            begun.elapsed() < BOUND,
            "nothing listens at {address}: {}",
            said(folder)
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn said(folder: &Path) -> String {
    let names = ["replica-1.log", "nginx.log", "nginx.out", "redis.log"];
    let logs = names.map(|name| std::fs::read_to_string(folder.join(name)).unwrap_or_default());
    logs.join("\n")
}

/// The answer to a request without TLS.
fn ask(address: SocketAddr, path: &str, cookies: &str) -> String {
    let mut connection = TcpStream::connect(address).expect("it listens");
    connection.set_read_timeout(Some(BOUND)).expect("a bound");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\ncookie: {cookies}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A person who follows docs/deployment.md has three replicas that share their sessions, and tell what happens.
#[tokio::test(flavor = "multi_thread")]
async fn one_script_leads_to_three_replicas_behind_nginx() {
    let (provider, client) = provider().await;
    let folder = tempfile::tempdir().expect("a folder");
    let addresses = Addresses::free();
    let registered = [
        ("BFF_ISSUER", provider.issuer()),
        ("BFF_CLIENT_ID", &client.id),
        ("BFF_CLIENT_SECRET", &client.secret),
        ("BFF_HTTP_LOOPBACK", "on"),
    ];
    let _script = start(folder.path(), &addresses, &registered);
    for address in addresses.replicas.iter().chain([&addresses.secure]) {
        wait_for(*address, folder.path());
    }
    let authority = CertificateDer::from_pem_file(folder.path().join("ca.pem")).expect("a certificate");
    let mut browser = Browser::new(addresses.secure, &authority);
    browser.sign_in(&provider, "alice").await;
    for replica in &addresses.replicas {
        let state = ask(*replica, "/auth/session", &browser.cookies());
        assert!(state.contains(r#""status":"active""#), "{state}");
        let health = ask(*replica, "/readyz", "");
        assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    }
    for metrics in &addresses.metrics {
        let answer = ask(*metrics, "/metrics", "");
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains("# TYPE"),
            "{answer}"
        );
    }
    let records = audited(folder.path()).await;
    assert!(!records.is_empty(), "the sign-in is recorded");
}

/// The audit records of all replicas. A record may come a moment after the answer.
async fn audited(folder: &Path) -> Vec<serde_json::Value> {
    let begun = Instant::now();
    loop {
        let files = (1..=3).map(|number| folder.join(format!("audit-{number}.jsonl")));
        let text: Vec<String> = files.filter_map(|file| std::fs::read_to_string(file).ok()).collect();
        let text = text.concat();
        // The last line may be half written.
        let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let records: Vec<serde_json::Value> = lines.map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let is_told = records.iter().any(|record| record.to_string().contains("sign"));
        if is_told || begun.elapsed() > BOUND {
            return records;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
