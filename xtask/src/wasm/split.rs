//! One WASM file becomes several: a part for every page, and parts that are loaded with a page that is a lazy route
//! (`leptos_router::lazy_route`). cargo-leptos does the same with `--split`, by the same library.

use crate::files;
use crate::project::Profile;
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_encoder::{Module, RawSection};
use wasm_split_cli_support::Options;
use wasmparser::{Parser, Payload};

/// The module that loads the other files. cargo-leptos gives it this name, and Leptos' `HydrationScripts` looks for it.
pub(crate) const LOADER: &str = "__wasm_split.______________________.js";

/// Says which files each lazy route needs beside the first. cargo-leptos gives it this name too.
pub(crate) const MANIFEST: &str = "__wasm_split_manifest.json";

/// The module that a lazy route imports before its code is in a file of its own.
const PLACEHOLDER: &[u8] = b"__wasm_split_placeholder__";

/// Has the linker keep the data that splitting needs: `cargo rustc` passes the argument for the last crate only.
pub(crate) fn link_for_it(cargo: &mut Command) {
    cargo.args(["--crate-type", "cdylib", "--", "-Clink-arg=--emit-relocs"]);
}

/// Splits the file into `folder`, beside the bindings of this `name`, and returns the first file. None where nothing is lazy.
pub(crate) fn split(input: &Path, folder: &Path, name: &str, profile: Profile) -> Result<Option<PathBuf>> {
    let module = files::read(input)?;
    if !has_lazy_code(&module) {
        return Ok(None);
    }
    let first = folder.with_extension("first.wasm");
    let (link_name, main_module) = (format!("./{LOADER}"), format!("./{name}.js"));
    let mut options = Options::new(&module);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.link_name = &link_name;
    options.main_module = &main_module;
    let parts = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("splitting the WASM: {error:#}"))?;
    let needed: BTreeMap<_, _> = parts.prefetch_map.into_iter().collect();
    let manifest = serde_json::to_vec(&needed)?;
    files::write(&folder.join(MANIFEST), &manifest)?;
    if profile == Profile::Release {
        for part in parts.split_modules {
            let nameless = without_names(&files::read(&part)?).with_context(|| part.display().to_string())?;
            files::write(&part, &nameless)?;
        }
    }
    Ok(Some(first))
}

/// The module without its section of names, which a release does without. wasm-bindgen sees the first file alone, and removes the
/// names there. wasm-opt warns of the kinds of names that it does not know.
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let is_of_names = matches!(&payload, Payload::CustomSection(section) if section.name() == "name");
        if let Some((id, range)) = payload.as_section().filter(|_| !is_of_names) {
            let data = &module[usize::try_from(range.start)?..usize::try_from(range.end)?];
            kept.section(&RawSection { id, data });
        }
    }
    Ok(kept.finish())
}

fn has_lazy_code(module: &[u8]) -> bool {
    module.windows(PLACEHOLDER.len()).any(|part| part == PLACEHOLDER)
}

/// Whether this custom section is of use to a linker alone.
pub(crate) fn is_for_linkers(section: &str) -> bool {
    section == "linking" || section.starts_with("reloc.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CustomSection, IndirectNameMap, MemorySection, MemoryType, NameSection};

    #[test]
    fn only_a_module_with_lazy_code_is_split() {
        assert!(has_lazy_code(b"\0asm...__wasm_split_placeholder__..."));
        assert!(!has_lazy_code(b"\0asm...__wasm_split..."));
    }

    #[test]
    fn a_part_loses_its_names_and_nothing_else() {
        let custom = |name: &str| CustomSection {
            name: name.to_owned().into(),
            data: b"..".into(),
        };
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let module = |has_names: bool| {
            let mut module = Module::new();
            module.section(&memories).section(&custom("producers"));
            if has_names {
                let mut names = NameSection::new();
                names.labels(&IndirectNameMap::new());
                module.section(&names);
            }
            module.section(&custom("target_features")).clone().finish()
        };
        assert_eq!(without_names(&module(true)).expect("a module"), module(false));
        assert!(without_names(b"no module").is_err());
    }

    #[test]
    fn a_linkers_sections_are_no_browsers() {
        assert!(is_for_linkers("linking") && is_for_linkers("reloc.CODE"));
        assert!(!is_for_linkers("name") && !is_for_linkers("target_features"));
    }
}
