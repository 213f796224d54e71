//! The addresses of the front end's files.

use leptos::config::LeptosOptions;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// URL paths of the files that a page loads, hashed names included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The JavaScript module made by wasm-bindgen, such as `/pkg/frontend.3f2a.js`.
    pub script: String,
    /// The WASM module that the script instantiates.
    pub wasm: String,
    /// The style sheet.
    pub style: String,
    /// The JavaScript module that loads the code of lazy routes; the script imports it. `None` if no route is lazy.
    pub loader: Option<String>,
    /// The WASM files that each lazy function needs beside the first one. Empty if no route is lazy.
    pub lazy: LazyFiles,
}

/// URL paths of WASM files, by the name that Leptos gives a lazy function.
pub type LazyFiles = Arc<BTreeMap<String, Vec<String>>>;

impl Default for Assets {
    /// The names without hashes, as cargo-leptos writes them in watch mode.
    fn default() -> Self {
        Self {
            script: "/pkg/frontend.js".to_owned(),
            wasm: "/pkg/frontend.wasm".to_owned(),
            style: "/pkg/frontend.css".to_owned(),
            loader: None,
            lazy: LazyFiles::default(),
        }
    }
}

impl Assets {
    /// The names that cargo-leptos gives them, as Leptos' `HydrationScripts` finds them: below `site_pkg_dir`, by `output_name`,
    /// and with the hashes of `hash_file` beside the program if `hash_files` is set.
    ///
    /// Without cargo-leptos, the WASM has the name that wasm-bindgen gives it: `_bg` stands before the extension.
    #[must_use]
    pub fn of(options: &LeptosOptions) -> Self {
        let hashes = if options.hash_files {
            hashes(options)
        } else {
            String::new()
        };
        let bindgen = if options.hash_files || option_env!("LEPTOS_OUTPUT_NAME").is_some() {
            ""
        } else {
            "_bg"
        };
        let path = |kind: &str, end: &str| {
            let hash = hash_of(&hashes, kind).map_or_else(String::new, |hash| format!(".{hash}"));
            format!("/{}/{}{end}{hash}.{kind}", options.site_pkg_dir, options.output_name)
        };
        Self {
            script: path("js", ""),
            wasm: path("wasm", bindgen),
            style: path("css", ""),
            loader: loader(options, &hashes),
            lazy: lazy(options, &hashes),
        }
    }
}

/// The module that cargo-leptos makes with `--split`, under the name that it has with and without a hash.
fn loader(options: &LeptosOptions, hashes: &str) -> Option<String> {
    let name = match hash_of(hashes, "split") {
        Some(hash) => format!("__wasm_split.{hash}.js"),
        None => "__wasm_split.______________________.js".to_owned(),
    };
    let file = Path::new(&*options.site_root).join(&*options.site_pkg_dir).join(&name);
    file.is_file().then(|| format!("/{}/{name}", options.site_pkg_dir))
}

/// The files of lazy functions, as the build has listed them. Each list is read once in a process.
fn lazy(options: &LeptosOptions, hashes: &str) -> LazyFiles {
    static READ: Mutex<BTreeMap<PathBuf, LazyFiles>> = Mutex::new(BTreeMap::new());
    let name = match hash_of(hashes, "manifest") {
        Some(hash) => format!("__wasm_split_manifest.{hash}.json"),
        None => "__wasm_split_manifest.json".to_owned(),
    };
    let path = Path::new(&*options.site_root).join(&*options.site_pkg_dir).join(name);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    read.entry(path)
        .or_insert_with_key(|path| {
            let listed = std::fs::read(path).unwrap_or_default();
            let stems: BTreeMap<String, Vec<String>> = serde_json::from_slice(&listed).unwrap_or_default();
            let address = |stem: String| format!("/{}/{stem}.wasm", options.site_pkg_dir);
            let files = |(function, stems): (String, Vec<String>)| (function, stems.into_iter().map(address).collect());
            Arc::new(stems.into_iter().map(files).collect())
        })
        .clone()
}

/// The file with the hashes. If it cannot be read, the page names files without a hash, as Leptos' own components do.
fn hashes(options: &LeptosOptions) -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let path = program.with_file_name(&*options.hash_file);
    std::fs::read_to_string(path).unwrap_or_default()
}

/// The hash in the line `js: 3f2a` of that file.
fn hash_of<'a>(hashes: &'a str, kind: &str) -> Option<&'a str> {
    let mut lines = hashes.lines().filter_map(|line| line.split_once(':'));
    let (_, hash) = lines.find(|(name, _)| name.trim() == kind)?;
    Some(hash.trim())
}

#[cfg(test)]
mod tests {
    use super::{Assets, hash_of};
    use leptos::config::LeptosOptions;

    #[test]
    fn files_without_hashes_have_the_names_that_wasm_bindgen_and_cargo_leptos_give_them() {
        let options = LeptosOptions::builder().output_name("bell").build();
        let assets = Assets::of(&options);
        assert_eq!(assets.script, "/pkg/bell.js");
        assert_eq!(assets.style, "/pkg/bell.css");
        assert_eq!(assets.loader, None);
        let is_of_cargo_leptos = option_env!("LEPTOS_OUTPUT_NAME").is_some();
        let wasm = if is_of_cargo_leptos {
            "/pkg/bell.wasm"
        } else {
            "/pkg/bell_bg.wasm"
        };
        assert_eq!(assets.wasm, wasm);
    }

    #[test]
    fn files_with_hashes_have_those_of_the_file_beside_the_program() {
        let program = std::env::current_exe().expect("a program");
        let file = format!("hashes-{}.txt", std::process::id());
        let path = program.with_file_name(&file);
        std::fs::write(&path, "css: c1\njs: 3f2a\nwasm: 77\nsplit: 88\nmanifest: 99\n").expect("a file");
        let site = program.with_file_name(format!("site-{}", std::process::id()));
        std::fs::create_dir_all(site.join("files")).expect("a folder");
        std::fs::write(site.join("files/__wasm_split.88.js"), "").expect("a file");
        let listed = r#"{"__cart_1":["shared","cart_1"]}"#;
        std::fs::write(site.join("files/__wasm_split_manifest.99.json"), listed).expect("a file");
        let options = LeptosOptions::builder()
            .output_name("bell")
            .site_root(site.to_string_lossy())
            .site_pkg_dir("files")
            .hash_files(true)
            .hash_file(file.into())
            .build();
        let assets = Assets::of(&options);
        std::fs::remove_file(&path).expect("the same file");
        std::fs::remove_dir_all(&site).expect("the same folder");
        assert_eq!(assets.loader.as_deref(), Some("/files/__wasm_split.88.js"));
        assert_eq!(assets.lazy["__cart_1"], ["/files/shared.wasm", "/files/cart_1.wasm"]);
        assert_eq!(assets.script, "/files/bell.3f2a.js");
        assert_eq!(assets.wasm, "/files/bell.77.wasm");
        assert_eq!(assets.style, "/files/bell.c1.css");
    }

    #[test]
    fn a_kind_without_a_line_has_no_hash() {
        assert_eq!(hash_of("js: 3f2a\n", "js"), Some("3f2a"));
        assert_eq!(hash_of("js: 3f2a\n", "wasm"), None);
    }
}
