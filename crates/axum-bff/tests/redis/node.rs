//! A redis-server on a loopback port. It is one of several, or has TLS.

use super::certificates::encrypted;
use super::program;
use super::resp::exchange;
use crate::loopback::free_address;
use rustls::ClientConfig;
use std::io;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) struct Node {
    process: Option<Child>,
    folder: TempDir,
    pub(crate) port: u16,
    /// The settings of the test's own connections, if the server speaks TLS only.
    client: Option<Arc<ClientConfig>>,
}

impl Node {
    /// Starts a server with these arguments after `--port`.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let port = free_address().port();
        Self::start_at(port, &[&["--port", &port.to_string()], arguments].concat())
    }

    /// Starts a server whose arguments themselves make it listen on this port.
    pub(crate) fn start_at(port: u16, arguments: &[&str]) -> Self {
        let mut node = Self::at(port);
        let mut common = vec!["--bind", "127.0.0.1", "-::1", "--save", "", "--appendonly", "no"];
        // Otherwise a primary waits five seconds for more replicas before it serves the first.
        common.extend(["--repl-diskless-sync-delay", "0"]);
        node.run(&[&common[..], arguments].concat());
        node
    }

    fn at(port: u16) -> Self {
        Self {
            process: None,
            folder: tempfile::tempdir().expect("a folder"),
            port,
            client: None,
        }
    }

    /// Makes the test's own connections to this server use TLS.
    pub(crate) fn asked_over(mut self, client: Arc<ClientConfig>) -> Self {
        self.client = Some(client);
        self
    }

    /// Starts a sentinel with these settings.
    pub(crate) fn sentinel(port: u16, settings: &str, client: Option<Arc<ClientConfig>>) -> Self {
        let mut node = Self::at(port);
        node.client = client;
        // A sentinel writes its state into its settings file, so it needs one.
        std::fs::write(node.settings(), settings).expect("written");
        node.run(&[&node.settings().display().to_string(), "--sentinel"]);
        // A test needs shorter periods than a real network.
        let debug = [
            "SENTINEL",
            "DEBUG",
            "info-period",
            "300",
            "publish-period",
            "200",
            "ask-period",
            "200",
        ];
        assert!(node.ask(&debug).starts_with("+OK"));
        node
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("sentinel.conf")
    }

    fn run(&mut self, arguments: &[&str]) {
        let process = Command::new(program())
            .args(arguments)
            .args(["--loglevel", "warning", "--dir"])
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed (cargo xtask test installs it)");
        self.process = Some(process);
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "redis-server did not come up"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends one command and returns the answer as the server wrote it (RESP).
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        self.asked(words).expect("an answer")
    }

    fn asked(&self, words: &[&str]) -> io::Result<String> {
        let connection = TcpStream::connect(("127.0.0.1", self.port)).expect("redis-server answers");
        connection
            .set_read_timeout(Some(Duration::from_secs(5)))
            .expect("a bound");
        match &self.client {
            Some(client) => exchange(encrypted(client, connection), words),
            None => exchange(connection, words),
        }
    }

    /// Sends the command until `satisfied` accepts the answer. A sentinel that promotes a replica closes its clients'
    /// connections, so an answer may be cut off.
    pub(crate) fn until(&self, words: &[&str], satisfied: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        loop {
            let answer = self.asked(words);
            if answer.as_deref().is_ok_and(&satisfied) {
                return;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "not within 30 seconds: {words:?}: {answer:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the server, as an outage does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
