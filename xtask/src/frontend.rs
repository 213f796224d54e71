//! The front end's build, from source to site root. wasm-bindgen and wasm-opt run only when their
//! input has changed.

use crate::assets::{self, Weight};
use crate::files;
use crate::progress::Steps;
use crate::project::{Profile, Project};
use crate::wasm;
use crate::wasm::bindgen::Bindings;
use crate::wasm::bundle;
use crate::wasm::optimise;
use crate::wasm::standard::Standard;
use anyhow::Result;
use std::path::Path;

/// How many steps [`build`] takes.
pub(crate) const STEPS: usize = 3;

/// The result of a build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Built {
    /// A release's weight; none in development, where nothing is compressed.
    pub(crate) weight: Option<Weight>,
    /// Whether wasm-opt ran: only then does the weight mean anything.
    pub(crate) optimised: bool,
    /// How the standard library in it was built.
    pub(crate) standard: Standard,
}

/// Builds the front end and leaves its site root in [`Project::site`].
pub(crate) fn build(project: &Project, profile: Profile, steps: &mut Steps) -> Result<Built> {
    let (toolchain, standard) = steps.step("the wasm32 target", || wasm::prepare(project, profile))?;
    let compiled = steps.step(&format!("the front end in WASM ({})", profile.name()), || {
        wasm::compile(project, (toolchain, standard), profile)
    })?;
    steps.step("JavaScript bindings and the site's files", || {
        let bindings = Bindings::in_folder(project.work().join(profile.name()));
        let optimised = bind(project, profile, &compiled, &bindings)?;
        let weight = assets::assemble(project, profile, &bindings)?;
        Ok(Built {
            weight,
            optimised,
            standard,
        })
    })
}

/// Runs wasm-bindgen, and for a release wasm-opt; returns whether the latter ran.
pub(crate) fn bind(project: &Project, profile: Profile, compiled: &Path, bindings: &Bindings) -> Result<bool> {
    let fingerprint = bindings.fingerprint();
    let input = assets::digest(&files::read(compiled)?);
    let flags = optimise::FLAGS.join(" ");
    let made_from = |optimised: bool| format!("{input} optimised={optimised} {flags}, in bundles");
    let previous = files::read(&fingerprint).unwrap_or_default();
    let optimise = profile == Profile::Release;
    if bindings.wasm().is_file() && previous == made_from(optimise).as_bytes() {
        println!("      bindings are up to date");
        return Ok(optimise);
    }
    bindings.generate(compiled, profile)?;
    let optimised = optimise && optimised(project, bindings)?;
    bundle::gather(bindings)?;
    files::write(&fingerprint, made_from(optimised).as_bytes())?;
    Ok(optimised)
}

fn optimised(project: &Project, bindings: &Bindings) -> Result<bool> {
    let output = project.work().join("optimised.wasm");
    let mut optimised = optimise::optimise(project, &bindings.wasm(), &output)?;
    if optimised {
        files::copy(&output, &bindings.wasm())?;
        for part in bindings.lazy()?.into_iter().flat_map(|lazy| lazy.parts) {
            optimised &= optimise::optimise(project, &part, &output)?;
            files::copy(&output, &part)?;
        }
    } else {
        println!(
            "      no node and npm here: wasm-opt is skipped, and {}",
            optimise::COST_OF_SKIPPING
        );
    }
    Ok(optimised)
}
