//! wasm-opt, from the npm package `binaryen`: Debian's own is too old for rustc's output.

use crate::command;
use crate::node;
use crate::project::Project;
use anyhow::Result;
use std::path::Path;

/// The cost of leaving out wasm-opt, measured on a small Leptos application.
pub(crate) const COST_OF_SKIPPING: &str =
    "the WASM stays at about 2.2 times its size (a small application: 889 KB instead of 401 KB)";

/// The features that the compiler uses and every current browser has. `--all-features` would let
/// wasm-opt write compact imports, which Chromium 156 refuses.
///
/// Twice, and without two passes that make the file smaller and its brotli form larger:
/// code that is inlined or taken out of a place no longer looks like the code beside it.
/// docs/performance.md has the figures.
pub(crate) const FLAGS: [&str; 11] = [
    "-Oz",
    "-Oz",
    "--skip-pass=inlining-optimizing",
    "--skip-pass=local-cse",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Writes the optimised `input` to `output`. False where there is no node to do it with: the
/// build then goes on without.
pub(crate) fn optimise(project: &Project, input: &Path, output: &Path) -> Result<bool> {
    let Some(node) = node::installed() else {
        return Ok(false);
    };
    let folder = project.path("xtask/node");
    node::install_packages(&folder)?;
    let mut wasm_opt = project.command(node);
    wasm_opt
        .arg(folder.join("node_modules/binaryen/bin/wasm-opt"))
        .args(FLAGS);
    command::run(wasm_opt.arg(input).arg("-o").arg(output))?;
    Ok(true)
}
