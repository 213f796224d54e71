//! The binary: how it starts, what it reports if it cannot start, and how it ends.

use crate::loopback::free_address;
use axum_bff::config::settings;
use bff_session::key_ring::KeyRing;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn bff() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bff"));
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn complete(listen: &str) -> Command {
    let mut command = bff();
    command.envs([
        ("BFF_PUBLIC_URL", "https://app.example.com"),
        ("BFF_ISSUER", "https://op.example.com"),
        ("BFF_CLIENT_ID", "bff"),
        ("BFF_CLIENT_SECRET", "canary-secret"),
        ("BFF_REDIS_URL", "memory:"),
        ("BFF_LISTEN", listen),
    ]);
    command.env("BFF_SESSION_KEY", KeyRing::new_key().as_str());
    command
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// TOK-03
///
/// The list contains the client's credentials too (TOK-03).
#[test]
fn without_settings_it_refuses_with_the_whole_list_and_status_2() {
    let output = bff().output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    for name in [
        "BFF_PUBLIC_URL",
        "BFF_ISSUER",
        "BFF_CLIENT_ID",
        "BFF_CLIENT_SECRET",
        "BFF_REDIS_URL",
        "BFF_SESSION_KEY",
    ] {
        assert!(said.contains(name), "{name} is not in: {said}");
    }
}

/// SEC-08
///
/// The binary of these tests is built like a release, without the cargo feature `dev`.
#[test]
fn there_is_no_development_provider_in_a_release() {
    let output = complete("127.0.0.1:0").arg("--development").output().expect("runs");
    assert!(!output.status.success());
    assert!(said(&output).contains("--development"), "{}", said(&output));
    let help = bff().arg("--help").output().expect("runs");
    assert!(!String::from_utf8_lossy(&help.stdout).contains("--development"));
}

#[test]
fn help_lists_every_setting() {
    let output = bff().arg("--help").output().expect("runs");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for setting in settings::all() {
        assert!(text.contains(setting.name), "{}", setting.name);
    }
}

/// The command needs no settings, because the routes belong to the application.
#[test]
fn every_route_is_listed_with_its_rule() {
    let output = bff().arg("routes").output().expect("runs");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for expected in [
        ["/", "anybody"],
        ["/profile", "signed in  by default"],
        ["/admin", "role admin"],
        ["/_fn/erase_notes", "authenticated at most 300 s ago"],
    ] {
        let is_there = |line: &str| {
            line.split("  ")
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .eq(expected.iter().flat_map(|part| part.split("  ")))
        };
        assert!(text.lines().any(is_there), "{expected:?} is not in: {text}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = complete(&address).output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(&address), "{}", said(&output));
}

#[test]
fn a_port_of_the_metrics_in_use_is_named_with_its_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let mut command = complete(&free_address().to_string());
    let output = command.env("BFF_METRICS_LISTEN", &address).output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("BFF_METRICS_LISTEN") && said.contains(&address), "{said}");
}

#[test]
fn the_metrics_are_at_an_address_of_their_own() {
    let metrics = free_address();
    let mut bff = Running::start_with(&[("BFF_METRICS_LISTEN", &metrics.to_string())]);
    let scraped = Running::ask(
        &metrics.to_string(),
        "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert!(
        scraped.starts_with("HTTP/1.1 200") && scraped.contains("\nbff_build_info{"),
        "{scraped}"
    );
    assert!(
        !bff.get("/metrics").contains("bff_build_info"),
        "browsers do not get them"
    );
    bff.ends_at_sigterm();
}

pub(crate) struct Running {
    pub(crate) process: Child,
    pub(crate) address: String,
}

impl Running {
    /// Starts `bff` on a free port, and waits until it accepts connections. Its provider does not exist.
    fn start() -> Self {
        Self::start_with(&[])
    }

    /// Like [`start`](Self::start), with some other settings.
    pub(crate) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_logging(settings, Stdio::piped())
    }

    /// Like [`start_with`](Self::start_with), and the log goes to `log`.
    pub(crate) fn start_logging(settings: &[(&str, &str)], log: Stdio) -> Self {
        let address = free_address().to_string();
        let mut command = complete(&address);
        command.envs(settings.iter().copied()).stderr(log);
        Self::spawned(command, address)
    }

    /// Like [`start`](Self::start), with a soft and a hard limit of file descriptors. The log goes to `log`.
    #[cfg(unix)]
    pub(crate) fn start_with_descriptors(soft: u32, hard: u32, log: Stdio) -> Self {
        let address = free_address().to_string();
        let mut command = Command::new("/bin/sh");
        let limits = format!("ulimit -S -n {soft} && ulimit -H -n {hard} && exec \"$0\"");
        command.args(["-c", &limits, env!("CARGO_BIN_EXE_bff")]);
        let settings = complete(&address);
        command
            .env_clear()
            .envs(settings.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self::spawned(command, address)
    }

    fn spawned(mut command: Command, address: String) -> Self {
        let process = command.spawn().expect("runs");
        let running = Self { process, address };
        let begun = Instant::now();
        while TcpStream::connect(&running.address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "bff did not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
        running
    }

    /// Sends a signal, such as `-HUP`.
    pub(crate) fn signal(&self, signal: &str) {
        let told = Command::new("kill")
            .args([signal, &self.process.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(told.success());
    }

    /// Sends SIGTERM. The process has to end within 20 seconds, with success.
    pub(crate) fn ends_at_sigterm(&mut self) {
        self.signal("-TERM");
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("waits") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the process does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(status.success(), "{status}");
    }

    pub(crate) fn send(&self, request: &str) -> String {
        Self::ask(&self.address, request)
    }

    fn ask(address: &str, request: &str) -> String {
        let mut connection = TcpStream::connect(address).expect("connects");
        connection
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a bound");
        connection.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n"
        ))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_starts_and_serves_while_its_provider_is_away() {
    let bff = Running::start();
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"));
    assert!(bff.get("/").starts_with("HTTP/1.1 200"));
    assert!(bff.get("/readyz").starts_with("HTTP/1.1 200"), "sessions go on here");
    assert!(bff.get("/auth/login").starts_with("HTTP/1.1 503"));
}

/// CB-16
#[test]
fn a_code_of_64_kb_is_refused_with_a_4xx_and_nothing_of_it_comes_back() {
    let bff = Running::start();
    let callback = |length: usize| bff.get(&format!("/auth/callback?state=x&code={}", "c".repeat(length)));
    let answer = callback(60 * 1024);
    assert!(
        answer.starts_with("HTTP/1.1 303") && answer.contains("/sign-in-failed?problem="),
        "{answer}"
    );
    for length in [64 * 1024, 128 * 1024] {
        let answer = callback(length);
        assert!(
            answer.starts_with("HTTP/1.1 414") || answer.starts_with("HTTP/1.1 431"),
            "{length}: {answer}"
        );
        assert!(!answer.contains("ccc"));
    }
    let headers = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(200));
    let answer = bff.send(&headers);
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"), "the server goes on");
}

/// RFC 9112 §3.2 requires this.
#[test]
fn a_request_that_does_not_name_exactly_one_host_is_400() {
    let bff = Running::start();
    for (head, status) in [
        ("GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "200"),
        ("GET /livez HTTP/1.0\r\n\r\n", "200"),
        ("GET /livez HTTP/1.1\r\n\r\n", "400"),
        ("GET http://x/livez HTTP/1.1\r\n\r\n", "400"),
        ("GET /livez HTTP/1.1\r\nhost: x\r\nhost: x\r\n\r\n", "400"),
        ("GET /livez HTTP/1.1\r\nhost: a@b\r\n\r\n", "400"),
    ] {
        let answer = bff.send(head);
        assert_eq!(answer.get(9..12), Some(status), "{head}: {answer}");
    }
}

#[test]
fn sigterm_ends_it_in_good_order() {
    // The signal comes as early as possible: the server listens, and has got no request yet.
    let mut bff = Running::start();
    bff.ends_at_sigterm();
}
