//! A real redis-server on a socket of its own.

pub(crate) mod certificates;
pub(crate) mod cluster;
pub(crate) mod node;
pub(crate) mod proxy;
mod resp;
pub(crate) mod sentinel;
pub(crate) mod tls;

use resp::exchange;
use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) struct Redis {
    process: Option<Child>,
    folder: TempDir,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let mut redis = Self {
            process: None,
            folder: tempfile::tempdir().expect("a folder"),
        };
        redis.resume();
        redis
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// The address for `BFF_REDIS_URL`.
    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Starts the server (again), with the data that it had saved. It hands each write to the kernel before it answers, so
    /// that nothing is lost when the process is killed. Waiting for the disk too would help only after a power cut.
    pub(crate) fn resume(&mut self) {
        let process = Command::new(program())
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "no",
            ])
            .args(["--loglevel", "warning", "--unixsocket"])
            .arg(self.socket())
            .arg("--dir")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed (cargo xtask test installs it)");
        self.process = Some(process);
        let begun = Instant::now();
        while UnixStream::connect(self.socket()).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "redis-server did not come up"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills the server, as an outage does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
            let _ = std::fs::remove_file(self.socket());
        }
    }

    /// Freezes the server. Its connections stay open, and it answers nothing.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets a frozen server go on with the commands that wait in its sockets.
    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    /// Holds back commands that write until [`resume_writes`](Self::resume_writes) is called. Commands that read go on.
    pub(crate) fn pause_writes(&self) {
        assert!(self.ask(&["CLIENT", "PAUSE", "60000", "WRITE"]).starts_with("+OK"));
    }

    /// Carries out the commands that waited.
    pub(crate) fn resume_writes(&self) {
        assert!(self.ask(&["CLIENT", "UNPAUSE"]).starts_with("+OK"));
    }

    fn signal(&self, signal: &str) {
        tell(self.process.as_ref(), signal);
    }

    /// The last command (`ping`, `info`, ...) of each connection, without this one and those that have subscribed to a
    /// channel.
    pub(crate) fn last_commands(&self) -> Vec<String> {
        let answer = self.ask(&["CLIENT", "LIST"]);
        let commands = answer
            .lines()
            .filter(|line| line.contains(" sub=0 "))
            .filter_map(|line| line.split_once(" cmd=")?.1.split(' ').next());
        commands
            .filter(|command| *command != "client|list")
            .map(str::to_owned)
            .collect()
    }

    /// Sends one command and returns the answer as the server wrote it (RESP).
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        let connection = UnixStream::connect(self.socket()).expect("redis-server answers");
        connection
            .set_read_timeout(Some(Duration::from_secs(5)))
            .expect("a bound");
        exchange(connection, words).expect("an answer")
    }

    /// All keys, sorted.
    pub(crate) fn keys(&self) -> Vec<String> {
        let answer = self.ask(&["KEYS", "*"]);
        let lines = answer.lines().filter(|line| !line.starts_with(['*', '$', '+']));
        let mut keys: Vec<String> = lines.map(str::to_owned).collect();
        keys.sort();
        keys
    }

    /// Every key with its value, in the form in which the server saves it.
    pub(crate) fn contents(&self) -> BTreeMap<String, String> {
        let keys = self.keys().into_iter();
        keys.map(|key| (key.clone(), self.ask(&["DUMP", &key]))).collect()
    }

    /// A field of the first hash whose key has this suffix.
    pub(crate) fn field(&self, suffix: &str, field: &str) -> Option<String> {
        let key = self.keys().into_iter().find(|key| key.ends_with(suffix))?;
        let answer = self.ask(&["HGET", &key, field]);
        answer
            .strip_prefix('$')?
            .lines()
            .nth(1)
            .filter(|value| !value.starts_with('+'))
            .map(str::to_owned)
    }

    /// How many connections have subscribed to this channel.
    pub(crate) fn subscribers(&self, channel: &str) -> usize {
        let answer = self.ask(&["PUBSUB", "NUMSUB", channel]);
        let count = answer.lines().find_map(|line| line.strip_prefix(':'));
        count.and_then(|count| count.parse().ok()).unwrap_or_default()
    }

    /// Restricts the default user, which all clients use, to these channels.
    pub(crate) fn restrict_channels(&self, channels: &[&str]) {
        let patterns: Vec<String> = channels.iter().map(|channel| format!("&{channel}")).collect();
        let mut words = vec!["ACL", "SETUSER", "default", "resetchannels"];
        words.extend(patterns.iter().map(String::as_str));
        assert!(self.ask(&words).starts_with("+OK"));
    }

    /// Changes one of the server's own settings (`CONFIG SET`).
    pub(crate) fn configure(&self, name: &str, value: &str) {
        assert!(self.ask(&["CONFIG", "SET", name, value]).starts_with("+OK"));
    }

    /// Changes the rights of the default user, which all clients use, by the rules of `ACL SETUSER`.
    pub(crate) fn change_rights(&self, rules: &[&str]) {
        let words = [&["ACL", "SETUSER", "default"], rules].concat();
        assert!(self.ask(&words).starts_with("+OK"));
    }

    /// How often clients have sent this command.
    pub(crate) fn calls_of(&self, command: &str) -> u64 {
        let statistics = self.ask(&["INFO", "commandstats"]);
        let line = format!("cmdstat_{command}:calls=");
        let count = statistics.lines().find_map(|found| found.strip_prefix(&line));
        count
            .and_then(|count| count.split(',').next()?.parse().ok())
            .unwrap_or_default()
    }

    /// Closes every connection except its own.
    pub(crate) fn cut_connections(&self) {
        for kind in ["normal", "pubsub"] {
            self.ask(&["CLIENT", "KILL", "TYPE", kind]);
        }
    }

    pub(crate) fn delete(&self, key: &str) {
        assert!(self.ask(&["DEL", key]).starts_with(":1"));
    }

    /// The value of this key, as the server wrote it (RESP).
    pub(crate) fn get(&self, key: &str) -> String {
        self.ask(&["GET", key])
    }

    pub(crate) fn empty(&self) {
        assert!(self.ask(&["FLUSHALL"]).starts_with("+OK"));
    }

    pub(crate) fn set(&self, key: &str, value: &str) {
        assert!(self.ask(&["SET", key, value]).starts_with("+OK"));
    }

    /// Puts a list there. A command that expects another type gets an error.
    pub(crate) fn spoil(&self, key: &str) {
        assert!(self.ask(&["RPUSH", key, "spoilt"]).starts_with(":1"));
    }

    /// How many commands of the application the server has got.
    pub(crate) fn commands(&self) -> u64 {
        commands(&self.ask(&["INFO", "commandstats"]))
    }

    /// Everything that the server has written to its files.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let mut content = Vec::new();
        for entry in std::fs::read_dir(self.folder.path().join("appendonlydir"))
            .expect("a folder")
            .flatten()
        {
            content.extend(std::fs::read(entry.path()).expect("a file"));
        }
        content
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn tell(process: Option<&Child>, signal: &str) {
    let process = process.expect("a server").id().to_string();
    let told = Command::new("kill").args([signal, &process]).status();
    assert!(told.expect("kill runs").success());
}

/// How many commands of the application are among these (`INFO commandstats`). The commands with which connections,
/// nodes and the test itself keep themselves going do not count.
fn commands(statistics: &str) -> u64 {
    let calls = |line: &str| line.split_once("calls=")?.1.split(',').next()?.parse::<u64>().ok();
    let ours = |line: &&str| {
        ![
            "info", "quit", "ping", "client", "hello", "cluster", "replconf", "psync", "exists",
        ]
        .iter()
        .any(|own| line.starts_with(&format!("cmdstat_{own}")))
    };
    statistics
        .lines()
        .filter(|line| line.starts_with("cmdstat_"))
        .filter(ours)
        .filter_map(calls)
        .sum()
}

fn program() -> String {
    std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned())
}
