//! The servers as processes: started, watched through `/proc`, ended.

use super::machine;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that listens.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    process: Child,
}

/// A free address on loopback.
pub(crate) fn free() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    free.local_addr().expect("an address")
}

impl Server {
    /// Starts it and waits until it listens. What it says goes nowhere.
    pub(crate) fn start(name: &'static str, address: SocketAddr, command: &mut Command) -> Self {
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let server = Self { name, address, process };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{name} did not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    /// Processor time of all its threads so far.
    pub(crate) fn cpu(&self) -> Duration {
        machine::cpu(self.process.id())
    }

    /// Context switches of all its threads so far.
    pub(crate) fn switches(&self) -> u64 {
        machine::switches(self.process.id())
    }

    /// Resident memory in KiB: now, and at most.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = self.read("status");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.trim_start_matches(':').split_whitespace().next());
            number
                .and_then(|number| number.parse().ok())
                .expect("the form of /proc")
        };
        (field("VmRSS"), field("VmHWM"))
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.process.id())).expect("Linux, and a living process")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
