//! The files of WASM that a page needs beside the first (`leptos_router::lazy_route`): the response names them, so the browser
//! loads them side by side with the first file. Otherwise it would learn of them from the first file, when that runs.
//!
//! A header names them (`Link`, RFC 8288), because which files they are is known once the page is rendered, and its head is
//! written by then. Leptos' `HydrationScripts` writes them into the head, and puts the nonce into the `crossorigin` attribute
//! (leptos-rs/leptos#4843).

use crate::assets::{Assets, LazyFiles};
use crate::public_path::{PublicPath, use_public_path};
use http::HeaderValue;
use http::header::LINK;
use leptos::PrefetchLazyFn;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use std::mem::take;

/// The most files that a response names. `cargo xtask` makes one or two for a page. `cargo leptos --split` makes some fifty, and
/// a proxy has a bound for the head of a response.
const MOST: usize = 4;

/// The files of the application that the request is for.
#[derive(Clone)]
struct Known(LazyFiles);

/// Tells [`name_them`] the files.
pub(crate) fn provide(assets: &Assets) {
    if !assets.lazy.is_empty() {
        provide_context(Known(assets.lazy.clone()));
    }
}

/// Has the response name the files of the lazy functions that have run for this page.
pub(crate) fn name_them() {
    let Some(Known(files)) = use_context() else { return };
    let (Some(PrefetchLazyFn(run)), Some(response)) = (use_context(), use_context::<ResponseOptions>()) else {
        return;
    };
    let run = run.try_write_value().map(|mut run| take(&mut *run)).unwrap_or_default();
    let mut named: Vec<_> = run
        .into_iter()
        .filter_map(|function| files.get(function))
        .flatten()
        .collect();
    named.sort_unstable();
    named.dedup();
    if named.len() > MOST {
        return;
    }
    let public_path = use_public_path();
    for header in named.into_iter().filter_map(|file| header(&public_path, file)) {
        response.append_header(LINK, header);
    }
}

/// With `crossorigin`, because `fetch` in a script asks in that mode (HTML, "link type preload"). The style sheet comes first.
fn header(public_path: &PublicPath, file: &str) -> Option<HeaderValue> {
    let address = public_path.before(file);
    let value = format!("<{address}>; rel=preload; as=fetch; crossorigin; fetchpriority=low");
    HeaderValue::try_from(value).ok()
}

#[cfg(test)]
mod tests;
