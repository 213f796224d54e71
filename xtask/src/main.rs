//! The project's commands. They install missing programs where that takes no question, and print the line
//! to type where it does; Rust from rustup is all that must be there.

mod application;
mod apt;
mod assets;
mod bench;
mod command;
mod conformance;
mod dependencies;
mod dist;
mod documents;
mod files;
mod frontend;
mod fuzz;
mod new;
mod node;
mod prerequisites;
mod progress;
mod project;
mod run;
mod server;
mod test;
mod wasm;

use application::Application;
use clap::{Parser, Subcommand};
use project::{Profile, Project};
use std::path::PathBuf;
use std::process::ExitCode;

/// Build, run and test the application.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write a new application into a folder: a home page, a page for people who are signed in, and tests. `cargo xtask run`
    /// works there.
    New {
        /// The folder, whose last part is the application's name.
        folder: PathBuf,
        /// Take the library from this repository, and not from this checkout.
        #[arg(long, value_name = "URL")]
        git: Option<String>,
    },
    /// Build the application and run it: the one in whose folder this is typed, or the demonstration. Without
    /// `BFF_ISSUER` it signs in demo people at a development provider of its own and keeps sessions under
    /// `target/development`.
    Run {
        /// Build as for production: optimised, hashed and compressed.
        #[arg(long)]
        release: bool,
    },
    /// Build for production, into the folder `dist`, which runs by itself.
    Build,
    /// Test everything, or the parts named.
    Test {
        /// The parts to test; all usual ones if none is named.
        parts: Vec<test::Part>,
        /// The browser that `e2e` runs in. All specifications run in Chromium, those of `end2end/browsers` in the others.
        #[arg(long, default_value = "chromium")]
        browser: test::Browser,
    },
    /// Take the pictures of all pages, in both themes and two sizes, into `docs/screenshots`.
    Screenshots,
    /// Feed hostile input to its readers, for longer than the tests do. An input on which server and oracle disagree is
    /// kept in `crates/axum-bff/tests/hostility/corpus`, and every later run of the tests tries it.
    Fuzz {
        /// The reader to feed; all of them if none is named.
        target: Option<fuzz::Target>,
        /// How long, in seconds, for each.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Measure, with everything built as for production.
    Bench {
        /// The thing to measure.
        bench: bench::Bench,
        /// Options of the benchmark; `--help` among them lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let project = Project::open();
    let result: Result<ExitCode, Box<dyn std::error::Error>> = match arguments.task {
        Task::Run { release } => {
            let profile = if release {
                Profile::Release
            } else {
                Profile::Development
            };
            match Application::here() {
                Ok(Some(application)) => application.run(&project, profile).map_err(Into::into),
                Ok(None) => run::run(&project, profile).map_err(Into::into),
                Err(error) => Err(error.into()),
            }
        }
        Task::New { folder, git } => new::write(&project, &folder, git.as_deref())
            .map(|()| {
                println!("{}", new::next(&folder, git.is_some()));
                ExitCode::SUCCESS
            })
            .map_err(Into::into),
        Task::Build => dist::build(&project).map(|()| ExitCode::SUCCESS).map_err(Into::into),
        Task::Test { parts, browser } => Ok(test::run(&project, &parts, browser)),
        Task::Screenshots => Ok(test::screenshots(&project)),
        Task::Fuzz { target, seconds } => fuzz::run(&project, target, seconds)
            .map(|()| ExitCode::SUCCESS)
            .map_err(Into::into),
        Task::Bench { bench, options } => bench::run(&project, bench, &options)
            .map(|()| ExitCode::SUCCESS)
            .map_err(Into::into),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
