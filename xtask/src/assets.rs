//! The site root: the files that the server serves. Scripts, WASM and styles get names that carry
//! their content's hash, so that a browser may keep them for ever; `assets.json` tells the server
//! which names are current.

pub(crate) mod compress;
mod documents;
mod site;

use crate::files;
use crate::progress::kilobytes;
use crate::project::{Profile, Project};
use crate::wasm::bindgen::Bindings;
use anyhow::Result;
use serde::Serialize;
use sha2::{Digest, Sha256};
use site::{ScriptFiles, Site, beside};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The URL paths of the current files, as the server reads them from `assets.json`.
#[derive(Debug, Serialize)]
struct Manifest {
    script: String,
    wasm: String,
    style: String,
    /// The module that loads the parts for lazy routes.
    #[serde(skip_serializing_if = "Option::is_none")]
    loader: Option<String>,
    /// The files that each lazy function needs beside the first.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    lazy: BTreeMap<String, Vec<String>>,
}

/// The size of a release's WASM.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    /// Bytes of the file.
    pub(crate) raw: usize,
    /// Bytes that every page sends to a browser that accepts brotli.
    pub(crate) brotli: usize,
    /// The same, with the further bytes of the heaviest lazy route.
    pub(crate) heaviest: usize,
}

/// Makes the site root from the bindings and the folder `style`, and removes from it
/// files that earlier builds left. A release's files are compressed, and their weight is returned.
pub(crate) fn assemble(project: &Project, profile: Profile, bindings: &Bindings) -> Result<Option<Weight>> {
    let mut site = Site::new(project.site(profile), profile);
    let wasm = files::read(&bindings.wasm())?;
    let script = files::read(&bindings.script())?;
    let lazy = bindings.lazy()?;
    let ScriptFiles { script, loader, parts } = match &lazy {
        None => ScriptFiles {
            script: site.add_hashed("frontend", "js", &script)?,
            loader: None,
            parts: BTreeMap::new(),
        },
        Some(lazy) => site.add_lazy(&script, lazy)?,
    };
    let needed = lazy.map(|lazy| lazy.needed).unwrap_or_default();
    let manifest = Manifest {
        script,
        wasm: site.add_hashed("frontend", "wasm", &wasm)?,
        style: add_style(&mut site, project)?,
        loader,
        lazy: by_path(&needed, &parts),
    };
    documents::add(&mut site, project, &manifest.style)?;
    site.add_folder(&bindings.snippets(), Path::new("pkg/snippets"))?;
    for file in files::list(&project.path("style"))? {
        if file
            .extension()
            .is_none_or(|extension| extension != "css" && extension != FONT)
        {
            site.add(&file, &files::read(&project.path("style").join(&file))?)?;
        }
    }
    let weight = site.weight(&manifest.wasm, wasm.len(), needed.values(), &parts)?;
    let manifest = serde_json::to_vec(&manifest).unwrap_or_default();
    site.add(Path::new("assets.json"), &manifest)?;
    site.remove_others()?;
    Ok(weight)
}

/// The URL paths of the files that each lazy function needs.
fn by_path(needed: &BTreeMap<String, Vec<String>>, parts: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let paths = |stems: &Vec<String>| stems.iter().filter_map(|stem| parts.get(stem).cloned()).collect();
    needed
        .iter()
        .map(|(function, stems)| (function.clone(), paths(stems)))
        .collect()
}

/// Adds the fonts and then the style sheet, which names them.
fn add_style(site: &mut Site, project: &Project) -> Result<String> {
    let folder = project.path("style");
    let mut style = style(project)?;
    for file in files::list(&folder)? {
        if file.extension().is_some_and(|extension| extension == FONT) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let hashed = site.add_hashed(&stem, FONT, &files::read(&folder.join(&file))?)?;
            // By a relative address: the application may be below a path.
            style = style.replace(&format!("\"/{}\"", file.display()), &format!("\"{}\"", beside(&hashed)));
        }
    }
    site.add_hashed("main", "css", style.as_bytes())
}

/// The extension of fonts.
const FONT: &str = "woff2";

/// Where an application in the layout of cargo-leptos has its files.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    /// The stem of the names in `pkg`.
    pub(crate) name: &'a str,
    /// The style sheet.
    pub(crate) style: Option<PathBuf>,
    /// The folder of files that are served as they are.
    pub(crate) assets: Option<PathBuf>,
}

/// Makes the site root of such an application, under the names that its pages expect: those of cargo-leptos without hashes,
/// and `_bg` behind the WASM's, because the server is compiled without cargo-leptos. Returns the weight as [`assemble`] does.
pub(crate) fn assemble_named(
    root: &Path,
    profile: Profile,
    bindings: &Bindings,
    named: &Named<'_>,
) -> Result<Option<Weight>> {
    let mut site = Site::new(root.to_owned(), profile);
    let pkg = |end: &str| PathBuf::from(format!("pkg/{}{end}", named.name));
    site.add(&pkg(".js"), &files::read(&bindings.script())?)?;
    let wasm = files::read(&bindings.wasm())?;
    site.add(&pkg("_bg.wasm"), &wasm)?;
    site.add_folder(&bindings.snippets(), Path::new("pkg/snippets"))?;
    let mut needed = BTreeMap::new();
    let mut paths = BTreeMap::new();
    if let Some(lazy) = bindings.lazy()? {
        for file in lazy.parts.iter().chain([&lazy.loader, &lazy.manifest]) {
            let path = Path::new("pkg").join(file.file_name().unwrap_or_default());
            site.add(&path, &files::read(file)?)?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            paths.insert(stem, path.to_string_lossy().into_owned());
        }
        needed = lazy.needed;
    }
    let first = pkg("_bg.wasm");
    let weight = site.weight(&first.to_string_lossy(), wasm.len(), needed.values(), &paths)?;
    if let Some(style) = &named.style {
        site.add(&pkg(".css"), &files::read(style)?)?;
    }
    if let Some(assets) = &named.assets {
        site.add_folder(assets, Path::new(""))?;
    }
    site.remove_others()?;
    Ok(weight)
}

/// The style sheets that `style/main.css` imports, one after another.
fn style(project: &Project) -> Result<String> {
    let folder = project.path("style");
    let list = files::read(&folder.join("main.css"))?;
    let mut sheets = String::new();
    for part in imports(&String::from_utf8_lossy(&list)) {
        sheets.push_str(&String::from_utf8_lossy(&files::read(&folder.join(part))?));
    }
    Ok(sheets)
}

/// The files that lines such as `@import "/01-tokens.css";` name.
fn imports(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter_map(|line| line.trim().strip_prefix("@import \"/")?.strip_suffix("\";"))
}

impl std::fmt::Display for Weight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} ({} in brotli; {} with the heaviest lazy route)",
            kilobytes(self.raw),
            kilobytes(self.brotli),
            kilobytes(self.heaviest)
        )
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_has_the_members_that_the_server_reads() {
        let manifest = Manifest {
            script: "/pkg/frontend.1.js".to_owned(),
            wasm: "/pkg/frontend.2.wasm".to_owned(),
            style: "/pkg/main.3.css".to_owned(),
            loader: None,
            lazy: BTreeMap::new(),
        };
        assert_eq!(
            serde_json::to_string(&manifest).expect("strings only"),
            r#"{"script":"/pkg/frontend.1.js","wasm":"/pkg/frontend.2.wasm","style":"/pkg/main.3.css"}"#
        );
    }

    #[test]
    fn the_style_is_what_the_list_imports_in_its_order() {
        let list = "/* parts */\n@import \"/02-b.css\";\n  @import \"/01-a.css\";\nbody { color: red }\n";
        assert_eq!(imports(list).collect::<Vec<_>>(), ["02-b.css", "01-a.css"]);
    }
}
