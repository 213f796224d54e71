//! `cargo xtask bench`: measurements. They are never part of the tests, because a figure is no pass and no fail.

use crate::command;
use crate::dist;
use crate::node;
use crate::prerequisites;
use crate::project::Project;
use anyhow::Result;
use clap::ValueEnum;

/// The thing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// A session: requests per second, store commands and memory, compared with a plain route and a naive stack.
    Session,
    /// A login: its start and its callback compared with a plain route, and the share of signatures in them.
    Login,
    /// A page: the time until it reacts, in Chromium on a slow network, and until its first and its last byte. Measures
    /// the folder `dist`, and builds it if it is missing.
    Page,
}

/// Builds as for production and measures. `options` go to the benchmark as they are.
pub(crate) fn run(project: &Project, bench: Bench, options: &[String]) -> Result<()> {
    match bench {
        Bench::Session => session(project, options),
        Bench::Login => session(project, &[&["--login".to_owned()], options].concat()),
        Bench::Page => {
            page(project)?;
            session(project, &["--only".to_owned(), "one client".to_owned()])
        }
    }
}

fn session(project: &Project, options: &[String]) -> Result<()> {
    let redis_server = prerequisites::redis_server()?;
    let mut cargo = project.cargo();
    cargo
        .args([
            "bench",
            "--package",
            "server",
            "--features",
            "app/ssr",
            "--bench",
            "session",
            "--",
        ])
        .args(options)
        .env("REDIS_SERVER", redis_server);
    command::run(&mut cargo)
}

/// A page in the browser, with the provider that the end-to-end tests have.
fn page(project: &Project) -> Result<()> {
    prerequisites::node()?;
    let (chromium, redis_server) = (prerequisites::chromium()?, prerequisites::redis_server()?);
    let bff = project.path(dist::FOLDER).join(dist::BINARY);
    if bff.is_file() {
        println!(
            "Measuring {} as it is; `cargo xtask build` makes it anew.",
            bff.display()
        );
    } else {
        dist::build(project)?;
    }
    command::run(
        node::playwright(project, &["test", "--config", "bench.config.ts"])?
            .env("BFF_BINARY", bff)
            .env("BFF_SITE", project.path(dist::FOLDER).join("site"))
            .env("CHROMIUM", chromium)
            .env("REDIS_SERVER", redis_server),
    )
}
