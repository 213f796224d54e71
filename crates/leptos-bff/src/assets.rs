//! The addresses of the front end's files.

/// URL paths of the files that a page loads, hashed names included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The JavaScript module made by wasm-bindgen, such as `/pkg/frontend.3f2a.js`.
    pub script: String,
    /// The WASM module that the script instantiates.
    pub wasm: String,
    /// The style sheet.
    pub style: String,
}

impl Default for Assets {
    /// The names without hashes, as cargo-leptos writes them in watch mode.
    fn default() -> Self {
        Self {
            script: "/pkg/frontend.js".to_owned(),
            wasm: "/pkg/frontend.wasm".to_owned(),
            style: "/pkg/frontend.css".to_owned(),
        }
    }
}
