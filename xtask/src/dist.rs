//! `cargo xtask build`: a folder that runs by itself, without the provider for development.

use crate::application::{self, Application};
use crate::files;
use crate::frontend::{self, Built};
use crate::progress::{self, Steps};
use crate::project::{Profile, Project};
use crate::server;
use crate::wasm::standard::Standard;
use anyhow::{Result, bail};
use std::path::Path;
use std::time::Instant;

/// The folder of the shipped files, in the project's root.
pub(crate) const FOLDER: &str = "dist";

/// The server's binary there, beside the folder `site`.
pub(crate) const BINARY: &str = if cfg!(windows) { "bff.exe" } else { "bff" };

/// The most that the front end's WASM may weigh in brotli, in bytes. A build above it fails, so that growth is a decision.
/// docs/performance.md has the figures.
#[derive(Clone, Copy, Debug)]
struct Budget {
    /// The file that each page loads.
    first: usize,
    /// The same, with the further bytes of the heaviest lazy route.
    heaviest: usize,
}

/// The target is 150,000 for either.
const WASM_BUDGET: Budget = Budget {
    first: 147_000,
    heaviest: 256_000,
};

/// The same where the standard library could not be built for size, which is nobody's decision. Not measured: an eighth more.
const WASM_BUDGET_ORDINARY: Budget = Budget {
    first: 166_000,
    heaviest: 288_000,
};

/// Builds everything as for production into `dist`, and prints the figures.
pub(crate) fn build(project: &Project) -> Result<()> {
    let started = Instant::now();
    let dist = project.path(FOLDER);
    let mut steps = Steps::new(frontend::STEPS + 2);
    let built = frontend::build(project, Profile::Release, &mut steps)?;
    let binary = steps.step("the server (release)", || {
        server::build(project, Profile::Release, false)
    })?;
    steps.step("the folder dist", || {
        files::copy(&binary, &dist.join(BINARY))?;
        files::copy(&project.path(".env.example"), &dist.join(".env.example"))?;
        copy_site(&project.site(Profile::Release), &dist)
    })?;
    print_figures(&dist, &dist.join(BINARY), built, started)?;
    within_budget(built)
}

/// Builds an application as for production into `dist` in its folder, prints the figures, and how it is started.
pub(crate) fn build_application(project: &Project, application: &Application) -> Result<()> {
    let started = Instant::now();
    let dist = application.path(FOLDER);
    let mut steps = Steps::new(application::STEPS + 1);
    let (binary, built) = application.build(project, Profile::Release, false, &mut steps)?;
    let shipped = dist.join(binary.file_name().unwrap_or_default());
    steps.step("the folder dist", || {
        files::copy(&binary, &shipped)?;
        copy_site(&application.site(Profile::Release), &dist)
    })?;
    print_figures(&dist, &shipped, built, started)?;
    let name = application.output_name();
    println!("  start    LEPTOS_OUTPUT_NAME={name} LEPTOS_SITE_ROOT=site, in this folder; --help lists the settings");
    Ok(())
}

/// The server finds `site` beside itself.
fn copy_site(site: &Path, dist: &Path) -> Result<()> {
    files::remove(&dist.join("site"))?;
    for file in files::list(site)? {
        files::copy(&site.join(&file), &dist.join("site").join(&file))?;
    }
    Ok(())
}

fn print_figures(dist: &Path, server: &Path, built: Built, started: Instant) -> Result<()> {
    println!();
    println!("{}", dist.display());
    println!("  server   {}", progress::kilobytes(files::read(server)?.len()));
    if let Some(weight) = built.weight {
        println!("  WASM     {weight}");
    }
    println!("  time     {}", progress::seconds(started.elapsed()));
    Ok(())
}

fn within_budget(built: Built) -> Result<()> {
    let budget = match built.standard {
        Standard::ForSize => WASM_BUDGET,
        Standard::Ordinary => WASM_BUDGET_ORDINARY,
    };
    match built.weight {
        Some(weight) if built.optimised => {
            let judged = [(weight.brotli, budget.first), (weight.heaviest, budget.heaviest)];
            match judged.into_iter().find(|(weight, budget)| weight > budget) {
                Some((weight, budget)) => bail!(
                    "the front end's WASM weighs {} in brotli; the budget is {} (WASM_BUDGET in \
                     xtask/src/dist.rs). Find the cause, or raise the budget and say why",
                    progress::kilobytes(weight),
                    progress::kilobytes(budget)
                ),
                None => Ok(()),
            }
        }
        Some(_) if !built.optimised => {
            println!("  the WASM's budget was not judged, because wasm-opt was skipped");
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Weight;

    fn built(brotli: usize, heaviest: usize, optimised: bool) -> Built {
        Built {
            weight: Some(Weight {
                raw: 3 * brotli,
                brotli,
                heaviest,
            }),
            optimised,
            standard: Standard::ForSize,
        }
    }

    #[test]
    fn a_wasm_over_the_budget_fails_and_says_both_figures() {
        let Budget { first, heaviest } = WASM_BUDGET;
        let says_both = |first_file, route, over, budget| {
            let error = within_budget(built(first_file, route, true)).expect_err("over the budget");
            let said = error.to_string();
            let figures = [over, budget].map(progress::kilobytes);
            assert!(figures.iter().all(|figure| said.contains(figure)), "{said}");
        };
        says_both(first + 1_000, heaviest, first + 1_000, first);
        says_both(first, heaviest + 1_000, heaviest + 1_000, heaviest);
    }

    #[test]
    fn a_wasm_of_exactly_the_budget_is_fine() {
        assert!(within_budget(built(WASM_BUDGET.first, WASM_BUDGET.heaviest, true)).is_ok());
    }

    #[test]
    fn a_standard_library_as_it_was_shipped_has_a_budget_of_its_own() {
        let Budget { first, heaviest } = WASM_BUDGET_ORDINARY;
        let ordinary = |first| Built {
            standard: Standard::Ordinary,
            ..built(first, heaviest, true)
        };
        assert!(within_budget(ordinary(first)).is_ok());
        assert!(within_budget(ordinary(first + 1)).is_err());
    }

    #[test]
    fn without_wasm_opt_the_weight_says_nothing_about_the_code() {
        let Budget { first, heaviest } = WASM_BUDGET;
        assert!(within_budget(built(first * 2, heaviest * 2, false)).is_ok());
    }
}
