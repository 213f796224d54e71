//! What a session costs: this server beside a plain axum route, beside the naive stack and beside a plain reverse proxy,
//! in one run on one machine.
//!
//! Each server is a process of its own: `bff` as it is built for production, and this program again for the others. They
//! take turns, round by round, so that whatever else the machine does hits all of them. `cargo xtask bench session` runs
//! it; the figures are in docs/performance.md.

// A rendered page is one type, nested as deep as its markup.
#![recursion_limit = "256"]

mod session {
    pub(crate) mod baselines;
    pub(crate) mod bff;
    pub(crate) mod connection;
    pub(crate) mod listing;
    pub(crate) mod load;
    pub(crate) mod login;
    pub(crate) mod machine;
    pub(crate) mod measure;
    pub(crate) mod memory;
    pub(crate) mod page;
    pub(crate) mod process;
    pub(crate) mod redis;
    pub(crate) mod relay;
    pub(crate) mod report;
    pub(crate) mod reverse_proxy;
    pub(crate) mod scenarios;
    pub(crate) mod servers;
    pub(crate) mod sessions;
    pub(crate) mod streams;
    pub(crate) mod upstream;
}

use clap::Parser;
use mimalloc::MiMalloc;
use session::{baselines, scenarios};

/// What is compared is sign-in: the other servers get the same allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Measures what a session costs.
#[derive(Clone, Debug, Parser)]
pub(crate) struct Options {
    /// How many sessions are in Redis, one run each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 1_000, 100_000])]
    sessions: Vec<usize>,
    /// A run with a million sessions too (4 GB of memory), and the memory of a process after a million requests.
    #[arg(long)]
    full: bool,
    /// Requests that each server gets in a round; more where there are more sessions, so that each has its turn.
    #[arg(long, default_value_t = 20_000)]
    requests: usize,
    /// How often the servers take turns.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Connections that requests are sent over, each one after the other.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Another build of `bff`, to be measured beside this one: before and after a change.
    #[arg(long)]
    beside: Option<std::path::PathBuf>,
    /// Only the steps of a login, and the share of signatures in them.
    #[arg(long)]
    login: bool,
    /// Only what has this in its title.
    #[arg(long)]
    only: Option<String>,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Whether what has this title is to be measured.
    pub(crate) fn want(&self, title: &str) -> bool {
        self.only.as_ref().is_none_or(|only| title.contains(only.as_str()))
    }
}

fn main() {
    if let Ok(role) = std::env::var(baselines::ROLE) {
        runtime(true).block_on(baselines::serve(&role));
        return;
    }
    let mut options = Options::parse();
    if options.full {
        options.sessions.push(1_000_000);
    }
    // One thread sends: a second one would take the server's core.
    runtime(false).block_on(scenarios::run(&options));
}

pub(crate) fn runtime(threads: bool) -> tokio::runtime::Runtime {
    let mut builder = if threads {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    builder.enable_all().build().expect("a runtime")
}
