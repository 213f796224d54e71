//! Writing the site root: names with hashes, compressed forms, and nothing of earlier builds.

use super::{Weight, compress, digest};
use crate::files;
use crate::project::Profile;
use crate::wasm::bindgen::Lazy;
use crate::wasm::split::LOADER;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A site root that is being written.
pub(super) struct Site {
    root: PathBuf,
    profile: Profile,
    written: Vec<PathBuf>,
}

/// The URL paths of the script and of the files that it loads with lazy routes.
pub(super) struct ScriptFiles {
    pub(super) script: String,
    pub(super) loader: Option<String>,
    /// By the stems of their names.
    pub(super) parts: BTreeMap<String, String>,
}

impl Site {
    pub(super) fn new(root: PathBuf, profile: Profile) -> Self {
        Self {
            root,
            profile,
            written: Vec::new(),
        }
    }

    /// Adds a file to `pkg` under a name with its hash and returns its URL path.
    pub(super) fn add_hashed(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        let path = format!("pkg/{}", hashed_name(stem, extension, bytes));
        self.add(Path::new(&path), bytes)?;
        Ok(format!("/{path}"))
    }

    /// Adds the script and the files that are loaded with lazy routes.
    pub(super) fn add_lazy(&mut self, script: &[u8], lazy: &Lazy) -> Result<ScriptFiles> {
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
        Ok(ScriptFiles {
            script: script_path,
            loader: Some(loader_path),
            parts,
        })
    }

    pub(super) fn add_folder(&mut self, from: &Path, to: &Path) -> Result<()> {
        for file in files::list(from)? {
            self.add(&to.join(&file), &files::read(&from.join(&file))?)?;
        }
        Ok(())
    }

    /// Adds a file, and in a release its compressed forms. Development does without: compressing
    /// takes longer than it saves when the browser is on the same machine.
    pub(super) fn add(&mut self, relative: &Path, bytes: &[u8]) -> Result<()> {
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

    /// The size of a release's WASM. `None` in development, where nothing is compressed.
    pub(super) fn weight<'a>(
        &self,
        first: &str,
        raw: usize,
        routes: impl Iterator<Item = &'a Vec<String>>,
        parts: &BTreeMap<String, String>,
    ) -> Result<Option<Weight>> {
        if self.profile != Profile::Release {
            return Ok(None);
        }
        let in_brotli = |path: &str| -> Result<usize> {
            let file = self.root.join(path.trim_start_matches('/'));
            Ok(files::read(&compress::Encoding::Brotli.beside(&file))?.len())
        };
        let brotli = in_brotli(first)?;
        let mut heaviest = brotli;
        for route in routes {
            let beside: Result<Vec<_>> = route
                .iter()
                .filter_map(|stem| parts.get(stem))
                .map(|path| in_brotli(path))
                .collect();
            heaviest = heaviest.max(brotli + beside?.into_iter().sum::<usize>());
        }
        Ok(Some(Weight { raw, brotli, heaviest }))
    }

    /// Removes the files of earlier builds, so that the folder holds exactly this build.
    pub(super) fn remove_others(&self) -> Result<()> {
        for file in files::list(&self.root)? {
            if !self.written.contains(&file) {
                files::remove(&self.root.join(file))?;
            }
        }
        Ok(())
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
pub(super) fn beside(path: &str) -> String {
    path.replacen("/pkg/", "./", 1)
}

/// A file name with the first 16 hexadecimal digits of the content's SHA-256.
fn hashed_name(stem: &str, extension: &str, bytes: &[u8]) -> String {
    format!("{stem}.{}.{extension}", &digest(bytes)[..16])
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
        let mut site = Site::new(folder.join("site"), Profile::Development);
        let script = format!("import * as lazy from './{LOADER}'; return {{ \"./{LOADER}\": lazy }};");
        let ScriptFiles { script, loader, parts } = site.add_lazy(script.as_bytes(), &lazy).expect("written");
        let loader = loader.expect("a loader");
        let read = |path: &str| text(&files::read(&site.root.join(&path[1..])).expect("the file"));
        let imports = format!("import * as lazy from '{}'", beside(&loader));
        // The WASM imports its functions from a module by the name that it was made with.
        assert_eq!(read(&script), format!("{imports}; return {{ \"./{LOADER}\": lazy }};"));
        let loads = read(&loader);
        for path in parts.values().chain([&script]) {
            assert!(loads.contains(&format!("\"{}\"", beside(path))), "{loads}");
        }
        assert_eq!(parts.len(), 2);
        files::remove(&folder).expect("its own folder");
    }
}
