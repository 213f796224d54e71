//! `cargo xtask fuzz`: the targets of `crates/axum-bff/tests/hostility` for longer than in the tests, each time with other seeds.
//!
//! They are tests on stable Rust, and nothing is installed: see `crates/axum-bff/tests/hostility/main.rs`. The build is cargo's
//! `dev`, so that an overflow or a failed debug assertion is a panic, and a panic is a finding.

use crate::command;
use crate::project::{Project, SERVER_SIDE};
use anyhow::Result;
use clap::ValueEnum;

/// The parsers of hostile input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// The parameters of an authorization response.
    Callback,
    /// ID Tokens, through the whole redemption of a code.
    IdToken,
    /// Logout tokens.
    LogoutToken,
    /// The lines of the `Cookie` header.
    Cookies,
    /// The value of `return_to`, the address that a sign-in returns to.
    ReturnTo,
}

impl Target {
    /// The module that its tests are in.
    fn module(self) -> &'static str {
        match self {
            Self::Callback => "callback::",
            Self::IdToken => "id_token::",
            Self::LogoutToken => "logout_token::",
            Self::Cookies => "cookies::",
            Self::ReturnTo => "return_to::",
        }
    }
}

/// Runs one target, or all of them side by side, for `seconds` each. Each finding is kept in the target's corpus.
pub(crate) fn run(project: &Project, target: Option<Target>, seconds: u64) -> Result<()> {
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--no-fail-fast"])
        .args(SERVER_SIDE)
        .args(["--test", "hostility", "--", "--nocapture"])
        .args(target.map(Target::module))
        .env("HOSTILITY_SECONDS", seconds.to_string());
    command::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_module_of_the_tests() {
        let folder = Project::open().path("crates/axum-bff/tests/hostility");
        for target in Target::value_variants() {
            let module = target.module().trim_end_matches(':');
            assert!(folder.join(format!("{module}.rs")).is_file(), "{module}");
        }
    }
}
