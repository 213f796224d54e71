//! The project's commands. They install a missing program if that needs no question, and otherwise print the command
//! that installs it. Only Rust from rustup has to be there.

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
mod package;
mod prerequisites;
mod progress;
mod project;
mod run;
mod server;
mod test;
mod unpacked;
mod wasm;

use anyhow::Result;
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
    /// Write a new application into a folder: a home page, a page for signed-in people, and tests. `cargo xtask run` in
    /// that folder builds and starts it.
    New {
        /// The folder. Its last part is the application's name.
        folder: PathBuf,
        /// The Git repository to take the library from. Without it, the application uses this checkout.
        #[arg(long, value_name = "URL")]
        git: Option<String>,
    },
    /// Build and run the application in the current folder, or the demonstration. Without `BFF_ISSUER` it starts a
    /// development provider with demo people, and keeps sessions under `target/development`.
    Run {
        /// Build as for production: optimised, hashed and compressed.
        #[arg(long)]
        release: bool,
    },
    /// Build for production, into the folder `dist`, which runs by itself: the application in whose folder this is typed, or
    /// the demonstration.
    Build,
    /// Package the crates into `target/package`, as they are published.
    Package {
        /// The address of the repository. The command writes it into the manifest of each crate, and fails without it where a
        /// manifest has none.
        #[arg(long, value_name = "URL")]
        repository: Option<String>,
    },
    /// Run all usual tests, or the named parts.
    Test {
        /// The parts to test; all usual ones if none is named.
        parts: Vec<test::Part>,
        /// The browser that `e2e` runs in. All specifications run in Chromium, those of `end2end/browsers` in the others.
        #[arg(long, default_value = "chromium")]
        browser: test::Browser,
        /// How many minutes `soak` takes. It also takes the time that the sign-ins before it need.
        #[arg(long, default_value_t = 60)]
        minutes: u32,
        /// The revision that `upgrade` begins with; the newest tag if none is named.
        #[arg(long, value_name = "REVISION")]
        from: Option<String>,
    },
    /// Take the pictures of all pages, in both themes and four sizes, into `docs/screenshots`, and make the picture of a link
    /// and the icon in `style`.
    Screenshots,
    /// Feed generated hostile input to the parsers of requests and tokens, for longer than the tests do. If the server's
    /// answer to an input is not the expected one, the command keeps the input in
    /// `crates/axum-bff/tests/hostility/corpus`, and every later run of the tests tries it again.
    Fuzz {
        /// The parser to feed; all of them if none is named.
        target: Option<fuzz::Target>,
        /// How many seconds to feed each parser.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Build for production and measure.
    Bench {
        /// The thing to measure.
        bench: bench::Bench,
        /// Options of the benchmark; `--help` among them lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

fn main() -> ExitCode {
    carry_out(Arguments::parse().task, &Project::open()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn carry_out(task: Task, project: &Project) -> Result<ExitCode> {
    match task {
        Task::Run { release } => {
            let profile = if release {
                Profile::Release
            } else {
                Profile::Development
            };
            return match Application::here()? {
                Some(application) => application.run(project, profile),
                None => run::run(project, profile),
            };
        }
        Task::New { folder, git } => {
            new::write(project, &folder, git.as_deref())?;
            println!("{}", new::next(&folder, git.is_some()));
        }
        Task::Build => match Application::here()? {
            Some(application) => dist::build_application(project, &application)?,
            None => dist::build(project)?,
        },
        Task::Package { repository } => package::with_repository(project, repository.as_deref())?,
        Task::Test {
            parts,
            browser,
            minutes,
            from,
        } => return Ok(test::run(project, &parts, browser, minutes, from.as_deref())),
        Task::Screenshots => test::screenshots(project)?,
        Task::Fuzz { target, seconds } => fuzz::run(project, target, seconds)?,
        Task::Bench { bench, options } => bench::run(project, bench, &options)?,
    }
    Ok(ExitCode::SUCCESS)
}
