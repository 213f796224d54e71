//! A redis-server on a socket of its own, and what it counts.

use super::machine;
use fred::clients::Client;
use fred::interfaces::ClientLike;
use fred::types::config::Config;
use fred::types::{Builder, ClusterHash, CustomCommand, Value};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) struct Redis {
    process: Child,
    folder: TempDir,
    client: Client,
}

impl Redis {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("redis.sock");
        let program = std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
        let process = Command::new(program)
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(&socket)
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed (cargo xtask bench installs it)");
        let begun = Instant::now();
        while UnixStream::connect(&socket).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "redis-server did not come up"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        let config = Config::from_url(&format!("redis+unix://{}", socket.display())).expect("an address");
        let client = Builder::from_config(config).build().expect("a client");
        client.init().await.expect("redis-server answers");
        Self {
            process,
            folder,
            client,
        }
    }

    /// Processor time of all its threads so far.
    pub(crate) fn cpu(&self) -> Duration {
        machine::cpu(self.process.id())
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("redis.sock").display())
    }

    pub(crate) async fn ask<T: fred::types::FromValue>(&self, words: &[&str]) -> T {
        let (command, arguments) = words.split_first().expect("a command");
        let command = CustomCommand::new((*command).to_owned(), ClusterHash::FirstKey, false);
        let arguments: Vec<Value> = arguments.iter().map(|word| Value::from(*word)).collect();
        self.client.custom(command, arguments).await.expect("an answer")
    }

    /// How many commands clients have sent; not counted is what keeps a connection alive, and this question.
    pub(crate) async fn commands(&self) -> u64 {
        const OWN: [&str; 6] = ["info", "quit", "ping", "client", "hello", "config"];
        let counted: String = self.ask(&["INFO", "commandstats"]).await;
        counted
            .lines()
            .filter_map(|line| line.strip_prefix("cmdstat_")?.split_once(":calls="))
            .filter(|(name, _)| !OWN.iter().any(|own| name.starts_with(own)))
            .filter_map(|(_, calls)| calls.split(',').next()?.parse::<u64>().ok())
            .sum()
    }

    /// Each key, by what is behind its place, and what it takes in Redis' memory.
    pub(crate) async fn memory(&self) -> Vec<(String, u64)> {
        let keys: Vec<String> = self.ask(&["KEYS", "*"]).await;
        let mut sizes = Vec::new();
        for key in keys {
            let size = self.ask(&["MEMORY", "USAGE", &key]).await;
            let kind = key.rsplit_once("}:").map_or("session record", |(_, kind)| kind);
            sizes.push((kind.to_owned(), size));
        }
        sizes.sort();
        sizes
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
