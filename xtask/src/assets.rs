//! The site root: the files that the server serves. Scripts, WASM and styles get names that carry
//! their content's hash, so that a browser may keep them for ever; `assets.json` tells the server
//! which names are current.

pub(crate) mod compress;

use crate::files::{self, FileError};
use crate::progress::kilobytes;
use crate::project::{Profile, Project};
use crate::wasm::bindgen::{Bindings, Lazy};
use crate::wasm::split::LOADER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The URL paths of the current files, as the server reads them from `assets.json`.
#[derive(Debug, Serialize)]
struct Manifest {
    script: String,
    wasm: String,
    style: String,
    /// The module that loads what lazy routes need.
    #[serde(skip_serializing_if = "Option::is_none")]
    loader: Option<String>,
}

/// The size of a release's WASM.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    /// Bytes of the file.
    pub(crate) raw: usize,
    /// Bytes that travel to a browser that takes brotli, whatever the page.
    pub(crate) brotli: usize,
    /// The same with what the heaviest lazy route needs beside them.
    pub(crate) heaviest: usize,
}

/// Makes the site root from the bindings and the folder `style`, and removes from it
/// files that earlier builds left. A release's files are compressed, and their weight is returned.
pub(crate) fn assemble(project: &Project, profile: Profile, bindings: &Bindings) -> Result<Option<Weight>, FileError> {
    let mut site = Site {
        root: project.site(profile),
        profile,
        written: Vec::new(),
    };
    let wasm = files::read(&bindings.wasm())?;
    let script = files::read(&bindings.script())?;
    let lazy = bindings.lazy()?;
    let (script, loader, parts) = match &lazy {
        None => (site.add_hashed("frontend", "js", &script)?, None, BTreeMap::new()),
        Some(lazy) => site.add_lazy(&script, lazy)?,
    };
    let manifest = Manifest {
        script,
        wasm: site.add_hashed("frontend", "wasm", &wasm)?,
        style: site.add_hashed("main", "css", &style(project)?)?,
        loader,
    };
    site.add_folder(&bindings.snippets(), Path::new("pkg/snippets"))?;
    for file in files::list(&project.path("style"))? {
        if file.extension().is_none_or(|extension| extension != "css") {
            site.add(&file, &files::read(&project.path("style").join(&file))?)?;
        }
    }
    let needed = lazy.map(|lazy| lazy.needed).unwrap_or_default();
    let weight = site.weight(&manifest.wasm, wasm.len(), needed.values(), &parts)?;
    let manifest = serde_json::to_vec(&manifest).unwrap_or_default();
    site.add(Path::new("assets.json"), &manifest)?;
    site.remove_others()?;
    Ok(weight)
}

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
/// and `_bg` behind the WASM's, because the server is compiled without cargo-leptos.
pub(crate) fn assemble_named(
    root: &Path,
    profile: Profile,
    bindings: &Bindings,
    named: &Named<'_>,
) -> Result<(), FileError> {
    let mut site = Site {
        root: root.to_owned(),
        profile,
        written: Vec::new(),
    };
    let pkg = |end: &str| PathBuf::from(format!("pkg/{}{end}", named.name));
    site.add(&pkg(".js"), &files::read(&bindings.script())?)?;
    site.add(&pkg("_bg.wasm"), &files::read(&bindings.wasm())?)?;
    site.add_folder(&bindings.snippets(), Path::new("pkg/snippets"))?;
    if let Some(Lazy {
        loader,
        manifest,
        parts,
        ..
    }) = bindings.lazy()?
    {
        for file in parts.iter().chain([&loader, &manifest]) {
            let name = file.file_name().unwrap_or_default();
            site.add(&Path::new("pkg").join(name), &files::read(file)?)?;
        }
    }
    if let Some(style) = &named.style {
        site.add(&pkg(".css"), &files::read(style)?)?;
    }
    if let Some(assets) = &named.assets {
        site.add_folder(assets, Path::new(""))?;
    }
    site.remove_others()
}

/// The style sheets that `style/main.css` imports, one after another.
fn style(project: &Project) -> Result<Vec<u8>, FileError> {
    let folder = project.path("style");
    let list = files::read(&folder.join("main.css"))?;
    let mut sheets = Vec::new();
    for part in imports(&String::from_utf8_lossy(&list)) {
        sheets.extend(files::read(&folder.join(part))?);
    }
    Ok(sheets)
}

/// The files that lines such as `@import "/01-tokens.css";` name.
fn imports(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter_map(|line| line.trim().strip_prefix("@import \"/")?.strip_suffix("\";"))
}

/// A site root that is being written.
struct Site {
    root: PathBuf,
    profile: Profile,
    written: Vec<PathBuf>,
}

impl Site {
    /// Adds a file to `pkg` under a name with its hash and returns its URL path.
    fn add_hashed(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String, FileError> {
        let path = format!("pkg/{}", hashed_name(stem, extension, bytes));
        self.add(Path::new(&path), bytes)?;
        Ok(format!("/{path}"))
    }

    /// Adds the script and what is loaded with lazy routes. Gives the URL paths of the script and of the loader, and those of
    /// the parts by the stems of their names.
    fn add_lazy(
        &mut self,
        script: &[u8],
        lazy: &Lazy,
    ) -> Result<(String, Option<String>, BTreeMap<String, String>), FileError> {
        let (mut script, mut loader) = (text(script), text(&files::read(&lazy.loader)?));
        let mut parts = BTreeMap::new();
        for part in &lazy.parts {
            let stem = part.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let path = self.add_hashed(&stem, "wasm", &files::read(part)?)?;
            loader = loader.replace(&format!("./{stem}.wasm"), &beside(&path));
            parts.insert(stem, path);
        }
        // Each of the two modules imports the other by its name. So the hash in both names is one of both.
        let both = digest([script.as_str(), loader.as_str()].concat().as_bytes());
        let named = |stem: &str| format!("/pkg/{stem}.{}.js", &both[..16]);
        let (script_path, loader_path) = (named("frontend"), named("lazy"));
        script = importing(&script, &format!("./{LOADER}"), &beside(&loader_path));
        loader = importing(&loader, "./frontend.js", &beside(&script_path));
        self.add(Path::new(&script_path[1..]), script.as_bytes())?;
        self.add(Path::new(&loader_path[1..]), loader.as_bytes())?;
        Ok((script_path, Some(loader_path), parts))
    }

    fn add_folder(&mut self, from: &Path, to: &Path) -> Result<(), FileError> {
        for file in files::list(from)? {
            self.add(&to.join(&file), &files::read(&from.join(&file))?)?;
        }
        Ok(())
    }

    /// Adds a file, and in a release its compressed forms. Development does without: compressing
    /// takes longer than it saves when the browser is on the same machine.
    fn add(&mut self, relative: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.root.join(relative);
        self.written.push(relative.to_owned());
        let unchanged = files::read(&path).is_ok_and(|old| old == bytes);
        if !unchanged {
            files::write(&path, bytes)?;
        }
        if self.profile != Profile::Release || !compress::worth_it(relative) {
            return Ok(());
        }
        for encoding in compress::Encoding::ALL {
            let compressed = encoding.beside(&path);
            if !(unchanged && compressed.is_file()) {
                files::write(&compressed, &encoding.compress(bytes))?;
            }
            self.written.push(encoding.beside(relative));
        }
        Ok(())
    }

    fn weight<'a>(
        &self,
        first: &str,
        raw: usize,
        routes: impl Iterator<Item = &'a Vec<String>>,
        parts: &BTreeMap<String, String>,
    ) -> Result<Option<Weight>, FileError> {
        if self.profile != Profile::Release {
            return Ok(None);
        }
        let in_brotli = |path: &str| {
            let file = self.root.join(path.trim_start_matches('/'));
            Ok(files::read(&compress::Encoding::Brotli.beside(&file))?.len())
        };
        let brotli = in_brotli(first)?;
        let mut heaviest = brotli;
        for route in routes {
            let beside: Result<Vec<_>, FileError> = route
                .iter()
                .filter_map(|stem| parts.get(stem))
                .map(|path| in_brotli(path))
                .collect();
            heaviest = heaviest.max(brotli + beside?.into_iter().sum::<usize>());
        }
        Ok(Some(Weight { raw, brotli, heaviest }))
    }

    /// Removes the files of earlier builds, so that the folder holds exactly this build.
    fn remove_others(&self) -> Result<(), FileError> {
        for file in files::list(&self.root)? {
            if !self.written.contains(&file) {
                files::remove(&self.root.join(file))?;
            }
        }
        Ok(())
    }
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

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The module, with another name of the one that it imports. The WASM asks for its imports by the old name, so that name stays
/// wherever else it stands.
fn importing(module: &str, old: &str, new: &str) -> String {
    let quoted = |name: &str, quote: char| format!("from {quote}{name}{quote}");
    ['"', '\''].into_iter().fold(module.to_owned(), |module, quote| {
        module.replace(&quoted(old, quote), &quoted(new, quote))
    })
}

/// How one file of `pkg` names another.
fn beside(path: &str) -> String {
    path.replacen("/pkg/", "./", 1)
}

/// A file name with the first 16 hexadecimal digits of the content's SHA-256.
fn hashed_name(stem: &str, extension: &str, bytes: &[u8]) -> String {
    format!("{stem}.{}.{extension}", &digest(bytes)[..16])
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
    fn a_name_carries_the_beginning_of_the_contents_sha_256() {
        // The digest of the three bytes `abc` is the example of FIPS 180-2, appendix B.1.
        assert_eq!(
            hashed_name("frontend", "wasm", b"abc"),
            "frontend.ba7816bf8f01cfea.wasm"
        );
    }

    #[test]
    fn another_content_gets_another_name() {
        assert_ne!(hashed_name("main", "css", b"a{}"), hashed_name("main", "css", b"b{}"));
    }

    #[test]
    fn the_manifest_has_the_members_that_the_server_reads() {
        let manifest = Manifest {
            script: "/pkg/frontend.1.js".to_owned(),
            wasm: "/pkg/frontend.2.wasm".to_owned(),
            style: "/pkg/main.3.css".to_owned(),
            loader: None,
        };
        assert_eq!(
            serde_json::to_string(&manifest).expect("strings only"),
            r#"{"script":"/pkg/frontend.1.js","wasm":"/pkg/frontend.2.wasm","style":"/pkg/main.3.css"}"#
        );
    }

    /// The server has the names in `assets.json`, and each file has those of the files beside it.
    #[test]
    fn the_files_of_lazy_routes_find_each_other_under_names_with_hashes() {
        let folder = std::env::temp_dir().join(format!("xtask-lazy-{}", std::process::id()));
        files::remove(&folder).expect("nothing of an earlier run");
        let made = folder.join("made");
        let lazy = Lazy {
            loader: made.join(LOADER),
            manifest: made.join("manifest.json"),
            parts: vec![made.join("split_notes.wasm"), made.join("chunk_1.wasm")],
            needed: BTreeMap::new(),
        };
        let loader = "import { initSync } from \"./frontend.js\"; \"./chunk_1.wasm\" \"./split_notes.wasm\"";
        files::write(&lazy.loader, loader.as_bytes()).expect("a file");
        for part in &lazy.parts {
            files::write(part, part.display().to_string().as_bytes()).expect("a file");
        }
        let mut site = Site {
            root: folder.join("site"),
            profile: Profile::Development,
            written: Vec::new(),
        };
        let script = format!("import * as lazy from './{LOADER}'; return {{ \"./{LOADER}\": lazy }};");
        let (script, loader, parts) = site.add_lazy(script.as_bytes(), &lazy).expect("written");
        let loader = loader.expect("a loader");
        let read = |path: &str| text(&files::read(&site.root.join(&path[1..])).expect("the file"));
        let imports = format!("import * as lazy from '{}'", beside(&loader));
        // The WASM asks for what it imports by the name that it was made with.
        assert_eq!(read(&script), format!("{imports}; return {{ \"./{LOADER}\": lazy }};"));
        let loads = read(&loader);
        for path in parts.values().chain([&script]) {
            assert!(loads.contains(&format!("\"{}\"", beside(path))), "{loads}");
        }
        assert_eq!(parts.len(), 2);
        files::remove(&folder).expect("its own folder");
    }

    #[test]
    fn the_style_is_what_the_list_imports_in_its_order() {
        let list = "/* parts */\n@import \"/02-b.css\";\n  @import \"/01-a.css\";\nbody { color: red }\n";
        assert_eq!(imports(list).collect::<Vec<_>>(), ["02-b.css", "01-a.css"]);
    }
}
