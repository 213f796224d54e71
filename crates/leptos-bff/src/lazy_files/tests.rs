use super::{name_them, provide};
use crate::assets::Assets;
use crate::public_path::PublicPath;
use http::header::LINK;
use leptos::PrefetchLazyFn;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The headers of a response after these functions have run.
fn named(files: &[(&str, usize)], run: &[&'static str]) -> Vec<String> {
    let of = |&(function, count): &(&str, usize)| {
        let files = (0..count).map(|number| format!("/pkg/{function}{number}.wasm"));
        (function.to_owned(), files.collect())
    };
    let lazy: BTreeMap<String, Vec<String>> = files.iter().map(of).collect();
    let assets = Assets {
        lazy: Arc::new(lazy),
        ..Assets::default()
    };
    Owner::new().with(|| {
        let response = ResponseOptions::default();
        let functions = PrefetchLazyFn::default();
        provide_context(response.clone());
        provide_context(PublicPath::new("/shop"));
        provide_context(functions.clone());
        provide(&assets);
        // The first time comes before the page is rendered.
        name_them();
        functions.0.write_value().extend(run);
        name_them();
        name_them();
        let parts = response.0.read().expect("no panic");
        let values = parts.headers.get_all(LINK).iter();
        values.map(|value| value.to_str().expect("ASCII").to_owned()).collect()
    })
}

#[test]
fn the_response_names_the_files_of_what_has_run_once() {
    let named = named(&[("cart", 2), ("home", 1)], &["cart"]);
    let link = |file: &str| format!("</shop/pkg/{file}.wasm>; rel=preload; as=fetch; crossorigin; fetchpriority=low");
    assert_eq!(named, [link("cart0"), link("cart1")]);
}

#[test]
fn the_response_names_nothing_that_is_not_known_or_has_not_run() {
    assert!(named(&[("cart", 2)], &[]).is_empty());
    assert!(named(&[("cart", 2)], &["home"]).is_empty());
    assert!(named(&[], &["home"]).is_empty());
}

/// As `cargo leptos --split` leaves them.
#[test]
fn fifty_files_are_too_many_for_the_head_of_a_response() {
    assert!(named(&[("cart", 50)], &["cart"]).is_empty());
}
