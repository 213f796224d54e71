//! The parts that browsers run: Playwright's specifications in `end2end`.

use super::Check;
use crate::command;
use crate::conformance;
use crate::frontend;
use crate::node;
use crate::prerequisites;
use crate::progress::Steps;
use crate::project::{Profile, Project};
use crate::server;
use anyhow::Result;
use clap::ValueEnum;
use std::path::PathBuf;

/// A browser's engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Browser {
    /// All specifications.
    #[default]
    Chromium,
    /// Those in `end2end/browsers`, in the build that distributions ship.
    Firefox,
    /// Those in `end2end/browsers`, in the small browser of `WebKitGTK`.
    Webkit,
}

/// The set for every engine, in each.
pub(super) const ALL_BROWSERS: &[Check] = &[
    ("the set for every engine, in Chromium", |project| {
        chosen_set(project, Browser::Chromium)
    }),
    FIREFOX,
    WEBKIT,
];

const CHROMIUM: Check = ("Chromium and a certified provider", every_specification);

const FIREFOX: Check = ("the set for every engine, in Firefox", |project| {
    chosen_set(project, Browser::Firefox)
});

const WEBKIT: Check = ("the set for every engine, in WebKitGTK", |project| {
    chosen_set(project, Browser::Webkit)
});

/// The checks in this browser.
pub(super) fn checks(browser: Browser) -> &'static [Check] {
    match browser {
        Browser::Chromium => &[CHROMIUM],
        Browser::Firefox => &[FIREFOX],
        Browser::Webkit => &[WEBKIT],
    }
}

/// Builds the application without its own provider, which must not judge its own relying party,
/// and runs the specifications on it.
fn every_specification(project: &Project) -> Result<()> {
    let programs = || {
        let mut programs = programs(Browser::Chromium)?;
        programs.extend(prerequisites::headless_shell().map(|shell| ("CHROMIUM_HEADLESS_SHELL", shell)));
        Ok(programs)
    };
    playwright(project, false, programs, &["test"])
}

/// Runs the specifications that every engine runs, in one browser.
fn chosen_set(project: &Project, browser: Browser) -> Result<()> {
    let programs = || {
        let mut programs = programs(browser)?;
        programs.push(("OPENSSL", prerequisites::openssl()?));
        programs.push(("ENGINE", PathBuf::from(engine(browser))));
        Ok(programs)
    };
    playwright(project, false, programs, &["test", "--config", "browsers.config.ts"])
}

/// Takes the pictures of the pages for the documentation, as the development provider's people see
/// them.
pub(crate) fn screenshots(project: &Project) -> Result<()> {
    let programs = || programs(Browser::Chromium);
    playwright(project, true, programs, &["test", "--config", "screenshots.config.ts"])
}

/// The name that `end2end/engines` has for it.
fn engine(browser: Browser) -> &'static str {
    match browser {
        Browser::Chromium => "chromium",
        Browser::Firefox => "firefox",
        Browser::Webkit => "webkit",
    }
}

/// The environment of the specifications.
type Programs = Vec<(&'static str, PathBuf)>;

/// The programs of the browser, by the variables that name them.
fn programs(browser: Browser) -> Result<Programs> {
    Ok(match browser {
        Browser::Chromium => vec![("CHROMIUM", prerequisites::chromium()?)],
        Browser::Firefox => vec![("FIREFOX", prerequisites::firefox()?)],
        Browser::Webkit => vec![
            ("WEBKIT_DRIVER", prerequisites::webkit_driver()?),
            ("XVFB", prerequisites::xvfb()?),
        ],
    })
}

fn playwright(
    project: &Project,
    with_provider: bool,
    programs: impl FnOnce() -> Result<Programs>,
    arguments: &[&str],
) -> Result<()> {
    let mut steps = Steps::new(frontend::STEPS + 3);
    let (programs, redis_server) = steps.step("browser, Redis and Node.js", || {
        prerequisites::node()?;
        Ok((programs()?, prerequisites::redis_server()?))
    })?;
    frontend::build(project, Profile::Development, &mut steps)?;
    let bff = steps.step("the server (dev)", || {
        if with_provider {
            server::build(project, Profile::Development, true)
        } else {
            server::build_for_tests(project)
        }
    })?;
    let mut playwright = steps.step("Playwright and the certified provider", || {
        node::playwright(project, arguments)
    })?;
    command::run(
        playwright
            .env("BFF_BINARY", bff)
            .env("BFF_SITE", project.site(Profile::Development))
            .envs(programs)
            .env("REDIS_SERVER", redis_server)
            .env("REPORT", conformance::playwright_report(project)),
    )
}
