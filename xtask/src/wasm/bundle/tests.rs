use super::{Parts, bundles, gather, in_bundles};
use crate::files;
use crate::wasm::bindgen::Bindings;
use crate::wasm::split::{LOADER, MANIFEST};
use std::collections::BTreeMap;
use wasmparser::{Parser, Payload};

const IMPORTS: &str = "import { initSync } from \"./frontend.js\";\nfunction getSharedImports() {}\n";

fn parts(sizes: &[(&str, usize)]) -> Parts {
    let part = |&(name, size): &(&str, usize)| (name.to_owned(), vec![7; size]);
    sizes.iter().map(part).collect()
}

fn needed(functions: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let of = |&(function, names): &(&str, &[&str])| {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        (function.to_owned(), names)
    };
    functions.iter().map(of).collect()
}

/// The names and the sizes of the custom sections.
fn content(bundle: &[u8]) -> Vec<(String, usize)> {
    let sections = Parser::new(0)
        .parse_all(bundle)
        .filter_map(|payload| match payload.expect("a valid module") {
            Payload::CustomSection(section) => Some((section.name().to_owned(), section.data().len())),
            Payload::Version { .. } | Payload::End(_) => None,
            other => panic!("a bundle has custom sections alone, and this has {other:?}"),
        });
    sections.collect()
}

fn made_for(functions: &[&str]) -> String {
    let exports = functions
        .iter()
        .map(|function| format!("export const __wasm_split_load_{function} = wrapAsyncCb(0);\n"));
    format!(
        "{IMPORTS}function wrapAsyncCb(callee) {{}}\n{}",
        exports.collect::<String>()
    )
}

#[test]
fn what_most_pages_share_is_one_bundle_and_the_rest_of_a_page_another() {
    let parts = parts(&[
        ("all", 100),
        ("two", 30),
        ("split_a", 10),
        ("split_b", 20),
        ("split_c", 5),
    ]);
    let needed = needed(&[
        ("__a_1", &["all", "two", "split_a"]),
        ("__b_2", &["all", "two", "split_b"]),
        ("__c_3", &["all", "split_c"]),
    ]);
    let made = bundles(&parts, &needed).expect("every part");
    assert_eq!(made.needed["__a_1"], ["shared", "a_1"]);
    assert_eq!(made.needed["__c_3"], ["shared", "c_3"]);
    let sections = |stem: &str| content(&made.files[stem]);
    assert_eq!(sections("shared"), [("all".to_owned(), 100), ("two".to_owned(), 30)]);
    assert_eq!(sections("a_1"), [("split_a".to_owned(), 10)]);
}

#[test]
fn a_page_that_needs_little_of_the_shared_parts_has_them_in_its_own_bundle() {
    let parts = parts(&[
        ("large", 100),
        ("small", 10),
        ("split_a", 1),
        ("split_b", 1),
        ("split_c", 1),
    ]);
    let needed = needed(&[
        ("__a_1", &["large", "small", "split_a"]),
        ("__b_2", &["large", "small", "split_b"]),
        ("__c_3", &["small", "split_c"]),
    ]);
    let made = bundles(&parts, &needed).expect("every part");
    assert_eq!(made.needed["__c_3"], ["c_3"]);
    let own = content(&made.files["c_3"]);
    assert_eq!(own, [("split_c".to_owned(), 1), ("small".to_owned(), 10)]);
}

#[test]
fn a_single_lazy_page_has_one_bundle_and_a_part_that_is_missing_is_an_error() {
    let parts = parts(&[("chunk_1", 3), ("split_a", 4)]);
    let one = needed(&[("__a_1", &["chunk_1", "split_a"])]);
    let made = bundles(&parts, &one).expect("every part");
    assert_eq!(made.files.keys().collect::<Vec<_>>(), ["a_1"]);
    assert_eq!(content(&made.files["a_1"]).len(), 2);
    let error = bundles(&parts, &needed(&[("__a_1", &["chunk_2"])])).expect_err("a missing part");
    assert!(error.to_string().contains("chunk_2"), "{error}");
}

#[test]
fn a_loader_that_this_code_does_not_know_is_refused() {
    let parts = parts(&[("split_a", 4)]);
    let needed = needed(&[("__a_1", &["split_a"])]);
    let made = bundles(&parts, &needed).expect("every part");
    assert!(in_bundles(IMPORTS, &needed, &made).is_err());
    assert!(in_bundles(&made_for(&["__b_2"]), &needed, &made).is_err());
    assert!(in_bundles(&made_for(&["__a_1"]), &needed, &made).is_ok());
}

#[test]
fn the_parts_of_the_bindings_make_room_for_bundles() {
    let folder = std::env::temp_dir().join(format!("xtask-bundle-{}", std::process::id()));
    files::remove(&folder).expect("nothing of an earlier run");
    let write = |name: &str, bytes: &[u8]| files::write(&folder.join(name), bytes).expect("written");
    write("chunk_1.wasm", b"one");
    write("split___a_1.wasm", b"a");
    write("frontend_bg.wasm", b"first");
    write(LOADER, made_for(&["__a_1"]).as_bytes());
    write(MANIFEST, br#"{"__a_1":["chunk_1","split___a_1"]}"#);
    gather(&Bindings::in_folder(folder.clone())).expect("bundles");
    let lazy = Bindings::in_folder(folder.clone())
        .lazy()
        .expect("files")
        .expect("lazy");
    assert_eq!(lazy.parts, [folder.join("a_1.wasm")]);
    assert_eq!(lazy.needed["__a_1"], ["a_1"]);
    let loader = String::from_utf8(files::read(&lazy.loader).expect("the loader")).expect("text");
    assert!(loader.starts_with(IMPORTS), "{loader}");
    let load = "export const __wasm_split_load___a_1 = load([\"./a_1.wasm\"], \"chunk_1 split___a_1\");";
    assert!(loader.contains(load) && !loader.contains("wrapAsyncCb"), "{loader}");
    files::remove(&folder).expect("its own folder");
}
