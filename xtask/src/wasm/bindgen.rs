//! wasm-bindgen, as a library: its version is then the one in this project's Cargo.lock, which is
//! the only one that understands the WASM file, and there is no program to install.

use crate::files::{self, FileError};
use crate::project::Profile;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// The stem of the files that wasm-bindgen writes.
const NAME: &str = "frontend";

/// Why there are no bindings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BindgenError {
    /// wasm-bindgen does not accept the WASM file.
    #[error("wasm-bindgen: {0}")]
    Bindgen(String),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// What wasm-bindgen makes of the compiler's WASM file.
#[derive(Debug)]
pub(crate) struct Bindings {
    folder: PathBuf,
}

impl Bindings {
    /// Those that are, or will be, in this folder.
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The JavaScript module that a page imports.
    pub(crate) fn script(&self) -> PathBuf {
        self.folder.join(format!("{NAME}.js"))
    }

    /// The WASM that the module instantiates.
    pub(crate) fn wasm(&self) -> PathBuf {
        self.folder.join(format!("{NAME}_bg.wasm"))
    }

    /// JavaScript of dependencies, which the module imports by the relative path `./snippets/`.
    pub(crate) fn snippets(&self) -> PathBuf {
        self.folder.join("snippets")
    }

    /// Makes the bindings anew.
    pub(crate) fn generate(&self, input: &Path, profile: Profile) -> Result<(), BindgenError> {
        files::remove(&self.folder)?;
        let release = profile == Profile::Release;
        let mut bindgen = Bindgen::new();
        bindgen
            .web(true)
            .map_err(|error| BindgenError::Bindgen(format!("{error:#}")))?
            .input_path(input)
            .out_name(NAME)
            // The page names the WASM, whose name carries a hash that the module cannot know.
            .omit_default_module_path(true)
            .typescript(false)
            // Function names, for readable stacks; a release does without them.
            .remove_name_section(release)
            .remove_producers_section(release);
        bindgen
            .generate(&self.folder)
            .map_err(|error| BindgenError::Bindgen(format!("{error:#}")))
    }
}
