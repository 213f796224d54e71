//! wasm-bindgen, as a library: its version is then the one in this project's Cargo.lock, which is
//! the only one that understands the WASM file, and there is no program to install.

use crate::files;
use crate::project::Profile;
use crate::wasm::names::Numbered;
use crate::wasm::split::{self, LOADER, MANIFEST};
use anyhow::{Error, Result, anyhow};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::{Bindgen, Output};

/// The stem of the files that wasm-bindgen writes of the demonstration.
const NAME: &str = "frontend";

/// wasm-bindgen's output for the compiler's WASM file.
#[derive(Debug)]
pub(crate) struct Bindings {
    folder: PathBuf,
    name: String,
}

impl Bindings {
    /// The files of the demonstration that are, or will be, in this folder.
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self::named(folder, NAME)
    }

    /// The bindings whose files have this stem.
    pub(crate) fn named(folder: PathBuf, name: &str) -> Self {
        Self {
            folder,
            name: name.to_owned(),
        }
    }

    /// The file with the fingerprint of their source.
    pub(crate) fn fingerprint(&self) -> PathBuf {
        self.folder.with_extension("fingerprint")
    }

    /// The JavaScript module that a page imports.
    pub(crate) fn script(&self) -> PathBuf {
        self.folder.join(format!("{}.js", self.name))
    }

    /// The WASM that the module instantiates.
    pub(crate) fn wasm(&self) -> PathBuf {
        self.folder.join(format!("{}_bg.wasm", self.name))
    }

    /// The files of lazy routes; `None` where the WASM is one file.
    pub(crate) fn lazy(&self) -> Result<Option<Lazy>> {
        let manifest = self.folder.join(MANIFEST);
        if !manifest.is_file() {
            return Ok(None);
        }
        let needed = serde_json::from_slice(&files::read(&manifest)?).unwrap_or_default();
        let first = self.wasm();
        let is_part = |file: &PathBuf| file.extension().is_some_and(|kind| kind == "wasm") && *file != first;
        let files = files::list(&self.folder)?
            .into_iter()
            .map(|file| self.folder.join(file));
        Ok(Some(Lazy {
            loader: self.folder.join(LOADER),
            manifest,
            parts: files.filter(is_part).collect(),
            needed,
        }))
    }

    /// JavaScript of dependencies, which the module imports by the relative path `./snippets/`.
    pub(crate) fn snippets(&self) -> PathBuf {
        self.folder.join("snippets")
    }

    /// Makes the bindings anew.
    pub(crate) fn generate(&self, input: &Path, profile: Profile) -> Result<()> {
        files::remove(&self.folder)?;
        let release = profile == Profile::Release;
        let first = split::split(input, &self.folder, &self.name, profile)?;
        let is_split = first.is_some();
        let mut bindgen = Bindgen::new();
        bindgen
            .web(true)
            .map_err(failed)?
            .input_path(first.as_deref().unwrap_or(input))
            .out_name(&self.name)
            // The page names the WASM, whose name carries a hash that the module cannot know.
            .omit_default_module_path(true)
            .typescript(false)
            // The other files import the table, the memory and the globals of the first.
            .keep_lld_exports(is_split)
            .demangle(!is_split)
            // Function names, for readable stacks; a release does without them.
            .remove_name_section(release)
            .remove_producers_section(release);
        let mut output = bindgen.generate_output().map_err(failed)?;
        drop_unused_streams(&mut output);
        drop_linkers_sections(&mut output);
        let numbered = release.then(|| number(&mut output));
        output.emit(&self.folder).map_err(failed)?;
        if let Some(numbered) = numbered {
            let script = String::from_utf8_lossy(&files::read(&self.script())?).into_owned();
            files::write(&self.script(), numbered.in_script(&script).as_bytes())?;
        }
        Ok(())
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    anyhow!("wasm-bindgen: {error:#}")
}

/// The files of lazy routes.
#[derive(Debug)]
pub(crate) struct Lazy {
    /// The module that loads the parts. It and the bindings' module import each other.
    pub(crate) loader: PathBuf,
    /// [`MANIFEST`].
    pub(crate) manifest: PathBuf,
    /// The WASM files beside the first.
    pub(crate) parts: Vec<PathBuf>,
    /// The parts that each lazy route needs, by the stems of their names.
    pub(crate) needed: BTreeMap<String, Vec<String>>,
}

/// Numbers the functions that the WASM and its JavaScript module take from each other.
fn number(output: &mut Output) -> Numbered {
    let module = output.wasm_mut();
    let imports = module.imports.iter_mut().map(|import| &mut import.name);
    Numbered::new(imports.chain(module.exports.iter_mut().map(|export| &mut export.name)))
}

/// Removes the sections that only splitting needs: wasm-opt cannot read such a file.
fn drop_linkers_sections(output: &mut Output) {
    let sections = &mut output.wasm_mut().customs;
    let names: Vec<_> = sections.iter().map(|(_, section)| section.name().to_owned()).collect();
    for name in names.iter().filter(|name| split::is_for_linkers(name)) {
        sections.remove_raw(name);
    }
}

/// Removes the exports of the crate `wasm-streams` for streams that are made in Rust: Leptos
/// brings it along, and an export is kept although nothing can get hold of such a stream.
fn drop_unused_streams(output: &mut Output) {
    let module = output.wasm_mut();
    // Code that hands such a stream to JavaScript imports the object's constructor.
    if module.imports.iter().any(|import| is_of_stream(&import.name)) {
        return;
    }
    let mut unused = Vec::new();
    for export in module.exports.iter() {
        if is_of_stream(&export.name) {
            unused.push(export.id());
        }
    }
    for export in unused {
        module.exports.delete(export);
    }
}

/// `intounderlyingsource_pull`, `__wbg_intounderlyingsource_free`, `__wbg_intounderlyingsource_new`.
fn is_of_stream(name: &str) -> bool {
    name.trim_start_matches("__wbg_").starts_with("intounderlying")
}

#[cfg(test)]
mod tests {
    use super::is_of_stream;

    #[test]
    fn streams_are_known_by_the_names_that_wasm_bindgen_gives_them() {
        assert!(is_of_stream("intounderlyingbytesource_autoAllocateChunkSize"));
        assert!(is_of_stream("__wbg_intounderlyingsink_free"));
        assert!(!is_of_stream("hydrate") && !is_of_stream("__wbg_close_294d3f727cb7a844"));
    }
}
