//! The parts of a page in few files. The library that splits the WASM makes a file for each set of pages that share code: a page
//! needs some fifty, most of them smaller than the head of a response, and each is compressed without having seen the others.
//!
//! A bundle is a WASM module without code, with a custom section for each part (WebAssembly Core Specification §5.5.3): the
//! section's name is the part's, and its content is the part. So a bundle is served, compressed and compiled as every WASM file is,
//! and a browser reads it with `WebAssembly.Module.customSections`. One bundle has the parts that most pages share. Each page has a
//! bundle of its own for the others, and those may be in the bundles of other pages too: a part starts once.

use crate::files;
use crate::wasm::bindgen::{Bindings, Lazy};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wasm_encoder::{CustomSection, Module};

/// The stem of the bundle with the parts that most pages share. That of a page ends with a number.
const SHARED: &str = "shared";

/// The loader's lines that fetch bundles and start parts.
const LOAD: &str = include_str!("bundle/loader.js");

/// The library's loader begins with the imports of a part; from here on it is replaced.
const END_OF_IMPORTS: &str = "function wrapAsyncCb(";

/// The parts by their names.
type Parts = BTreeMap<String, Vec<u8>>;

/// Files by their stems, and the stems that each lazy function needs.
#[derive(Debug)]
struct Bundles {
    files: Parts,
    needed: BTreeMap<String, Vec<String>>,
}

/// Puts the parts of the bindings into bundles, which the loader and the manifest name in their place. Nothing happens where the
/// WASM is one file.
pub(crate) fn gather(bindings: &Bindings) -> Result<()> {
    let Some(lazy) = bindings.lazy()? else {
        return Ok(());
    };
    let mut parts = Parts::new();
    for path in &lazy.parts {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        parts.insert(stem.into_owned(), files::read(path)?);
    }
    let Lazy { loader, manifest, .. } = &lazy;
    let bundles = bundles(&parts, &lazy.needed)?;
    let made = String::from_utf8_lossy(&files::read(loader)?).into_owned();
    files::write(loader, in_bundles(&made, &lazy.needed, &bundles)?.as_bytes())?;
    files::write(manifest, &serde_json::to_vec(&bundles.needed)?)?;
    for path in &lazy.parts {
        files::remove(path)?;
    }
    for (stem, bundle) in &bundles.files {
        files::write(&loader.with_file_name(format!("{stem}.wasm")), bundle)?;
    }
    Ok(())
}

/// The shared parts in a bundle, and the other parts of each lazy function in one of its own.
fn bundles(parts: &Parts, needed: &BTreeMap<String, Vec<String>>) -> Result<Bundles> {
    let users = |part: &str| {
        needed
            .values()
            .filter(|names| names.iter().any(|name| name == part))
            .count()
    };
    let is_shared = |part: &str| users(part) > (needed.len() / 2).max(1);
    let shared: Vec<&str> = parts
        .keys()
        .map(String::as_str)
        .filter(|part| is_shared(part))
        .collect();
    let weight = |names: &[&str]| {
        names
            .iter()
            .filter_map(|&name| parts.get(name))
            .map(Vec::len)
            .sum::<usize>()
    };
    let mut made = Bundles {
        files: Parts::new(),
        needed: BTreeMap::new(),
    };
    for (function, names) in needed {
        let names = names.iter().map(String::as_str);
        let (of_all, mut own): (Vec<_>, Vec<_>) = names.partition(|name| shared.contains(name));
        let mut stems = Vec::new();
        // A page that needs little of the shared parts has them in its own bundle.
        if !of_all.is_empty() && weight(&of_all) * 2 >= weight(&shared) {
            made.files.insert(SHARED.to_owned(), bundle(parts, &shared)?);
            stems.push(SHARED.to_owned());
        } else {
            own.extend(of_all);
        }
        if !own.is_empty() {
            let stem = function.trim_start_matches('_').to_owned();
            made.files.insert(stem.clone(), bundle(parts, &own)?);
            stems.push(stem);
        }
        made.needed.insert(function.clone(), stems);
    }
    Ok(made)
}

/// The module with these parts in its custom sections.
fn bundle(parts: &Parts, names: &[&str]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for &name in names {
        let data = parts
            .get(name)
            .with_context(|| format!("the WASM has no part {name}"))?;
        module.section(&CustomSection {
            name: name.into(),
            data: data.into(),
        });
    }
    Ok(module.finish())
}

/// The library's loader, which loads bundles.
fn in_bundles(made: &str, needed: &BTreeMap<String, Vec<String>>, bundles: &Bundles) -> Result<String> {
    let (imports, _) = made
        .split_once(END_OF_IMPORTS)
        .with_context(|| format!("the loader of the split WASM has no {END_OF_IMPORTS:?}"))?;
    let mut loader = format!("{imports}{LOAD}");
    for (function, stems) in &bundles.needed {
        let export = format!("export const __wasm_split_load_{function} = ");
        anyhow::ensure!(made.contains(&export), "the loader of the split WASM has no `{export}`");
        let files: Vec<_> = stems.iter().map(|stem| format!("\"./{stem}.wasm\"")).collect();
        let parts = needed.get(function).map(|names| names.join(" ")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(loader, "{export}load([{}], \"{parts}\");", files.join(", "));
    }
    Ok(loader)
}

#[cfg(test)]
mod tests;
