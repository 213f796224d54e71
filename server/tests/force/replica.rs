//! One `bff`: the real binary, as a process of its own.

use crate::loopback::free_address;
use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program that was built with these tests.
pub(crate) const THIS_BUILD: &str = env!("CARGO_BIN_EXE_bff");

pub(crate) struct Replica {
    process: Option<Child>,
    pub(crate) address: String,
    environment: Vec<(String, String)>,
    /// What runs next: the build of this test, or another one.
    pub(crate) program: PathBuf,
    log: PathBuf,
}

impl Replica {
    /// Starts `bff` on a free port, and waits until it accepts connections. Its log goes to the file.
    pub(crate) fn start(environment: &[(String, String)], log: PathBuf) -> Self {
        let address = free_address().to_string();
        let mut environment = environment.to_vec();
        environment.push(("BFF_LISTEN".to_owned(), address.clone()));
        let mut replica = Self {
            process: None,
            address,
            environment,
            // `cargo xtask test soak` names a release build, whose memory is the one that counts.
            program: std::env::var_os("BFF_BINARY")
                .unwrap_or_else(|| THIS_BUILD.into())
                .into(),
            log,
        };
        replica.run();
        replica
    }

    /// Starts the process (again), on the same port.
    pub(crate) fn run(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log);
        let process = Command::new(&self.program)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.expect("a file"))
            .spawn();
        self.process = Some(process.expect("runs"));
        let begun = Instant::now();
        while TcpStream::connect(&self.address).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "bff did not come up: {:?}",
                self.warnings()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Its identifier. `None`: it does not run.
    pub(crate) fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// Kills the process (SIGKILL).
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Tells the process to end (SIGTERM), and waits until it has ended with success. Returns how long that took.
    pub(crate) async fn end(&mut self) -> Duration {
        let mut process = self.process.take().expect("it runs");
        let told = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        let begun = Instant::now();
        let ended = loop {
            match process.try_wait().expect("waits") {
                Some(status) => break Some(status),
                None if begun.elapsed() > Duration::from_secs(40) => break None,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        // The process has to be gone even if an assertion fails.
        let _ = process.kill();
        let _ = process.wait();
        assert!(told.expect("kill runs").success());
        assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
        begun.elapsed()
    }

    /// How often each warning is in the log, by code.
    pub(crate) fn warnings(&self) -> BTreeMap<String, usize> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut counts = BTreeMap::new();
        for line in log.lines() {
            let code = serde_json::from_str::<serde_json::Value>(line)
                .ok()
                .and_then(|event| event["code"].as_str().map(str::to_owned));
            *counts.entry(code.unwrap_or_else(|| line.to_owned())).or_default() += 1;
        }
        counts
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("{} warned: {:?}", self.address, self.warnings());
        }
    }
}
