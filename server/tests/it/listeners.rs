//! The listeners of the program: a Unix socket, and TLS of its own. `bff health` asks them.

mod tls;
#[cfg(unix)]
mod unix;

use std::process::Command;

/// Runs `bff health` with these settings and no others. Returns the exit status.
fn health(settings: &[(&str, &str)], arguments: &[&str]) -> Option<i32> {
    let output = Command::new(env!("CARGO_BIN_EXE_bff"))
        .arg("health")
        .args(arguments)
        .env_clear()
        .envs(settings.iter().copied())
        .output()
        .expect("it runs");
    output.status.code()
}
