//! The front end's files. Browsers cache files with a hash in their name for ever. A request for a file reads no
//! session.

use crate::browser::NAVIGATE;
use crate::world::World;
use axum::http::{Method, StatusCode};
use std::fs;

async fn world_with_a_site() -> (World, tempfile::TempDir) {
    let site = tempfile::tempdir().expect("a folder");
    let pkg = site.path().join("pkg");
    fs::create_dir(&pkg).expect("made");
    fs::write(pkg.join("frontend.0123456789abcdef.wasm"), b"\0asm").expect("written");
    fs::write(pkg.join("frontend.0123456789abcdef.wasm.br"), b"compressed").expect("written");
    fs::write(pkg.join("frontend.0123456789abcdef.js"), b"export {}").expect("written");
    fs::write(site.path().join("favicon.svg"), b"<svg/>").expect("written");
    fs::write(site.path().join("guide.html"), b"<h1>A guide</h1>").expect("written");
    let images = site.path().join("images/large {2x}");
    fs::create_dir_all(&images).expect("made");
    fs::write(images.join("a bell.svg"), b"<svg/>").expect("written");
    fs::write(images.join("a bell.svg.br"), b"compressed").expect("written");
    fs::write(images.join("backup.gz"), b"an archive").expect("written");
    fs::write(images.join(".hidden"), b"hidden").expect("written");
    let list = r#"{"script":"/pkg/frontend.0123456789abcdef.js","wasm":"/pkg/frontend.0123456789abcdef.wasm","style":"/pkg/main.0123456789abcdef.css"}"#;
    fs::write(site.path().join("assets.json"), list).expect("written");
    let world = World::start_with(&[("BFF_SITE", site.path().to_str().expect("UTF-8"))]).await;
    (world, site)
}

/// HDR-06, HDR-07
#[tokio::test]
async fn hashed_files_are_immutable_compressed_and_set_no_cookie() {
    let (world, _site) = world_with_a_site().await;
    let mut alice = world.signed_in("alice").await;
    let before = world.redis.commands();
    let wasm = "/pkg/frontend.0123456789abcdef.wasm";
    let plain = alice.send(Method::GET, wasm, &[], "").await;
    assert_eq!(
        (plain.status, plain.header("content-type")),
        (StatusCode::OK, "application/wasm"),
        "HDR-07"
    );
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("x-content-type-options"), "nosniff");
    assert!(plain.set_cookies().is_empty());
    let packed = alice
        .send(Method::GET, wasm, &[("accept-encoding", "gzip, br")], "")
        .await;
    assert_eq!(
        (packed.header("content-encoding"), packed.text().as_str()),
        ("br", "compressed")
    );
    assert_eq!(packed.header("vary"), "accept-encoding");
    assert_eq!(world.redis.commands(), before, "a file reads no session");
}

#[tokio::test]
async fn files_at_the_root_are_asked_for_again_and_unknown_ones_are_not_there() {
    let (world, _site) = world_with_a_site().await;
    let mut browser = world.browser();
    let icon = browser.send(Method::GET, "/favicon.svg", &[], "").await;
    assert_eq!(
        (icon.status, icon.header("cache-control")),
        (StatusCode::OK, "no-cache")
    );
    for path in [
        "/pkg/unknown.js",
        "/pkg/",
        "/pkg/../assets.json",
        "/pkg/%2e%2e/assets.json",
        "/pkg",
    ] {
        let missing = browser.send(Method::GET, path, &NAVIGATE, "").await;
        assert_eq!(
            (missing.status, missing.header("cache-control")),
            (StatusCode::NOT_FOUND, "no-store"),
            "{path}"
        );
        assert!(!missing.text().contains("frontend"));
    }
    let list = browser.send(Method::GET, "/assets.json", &NAVIGATE, "").await;
    assert_eq!(list.status, StatusCode::NOT_FOUND, "the list is no file for browsers");
}

/// HDR-01
#[tokio::test]
async fn a_page_among_the_files_has_the_style_of_the_site_and_runs_no_script() {
    let (world, _site) = world_with_a_site().await;
    let mut browser = world.browser();
    let page = browser.send(Method::GET, "/guide.html", &NAVIGATE, "").await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; ") && policy.contains("style-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
    let icon = browser.send(Method::GET, "/favicon.svg", &NAVIGATE, "").await;
    assert_eq!(icon.header("content-security-policy"), "default-src 'none'");
}

#[tokio::test]
async fn files_in_folders_of_the_site_are_served_under_their_own_paths() {
    let (world, _site) = world_with_a_site().await;
    let mut browser = world.browser();
    let path = "/images/large%20%7B2x%7D/a%20bell.svg";
    let plain = browser.send(Method::GET, path, &[], "").await;
    assert_eq!((plain.status, plain.text().as_str()), (StatusCode::OK, "<svg/>"));
    assert_eq!(plain.header("content-type"), "image/svg+xml");
    let packed = browser.send(Method::GET, path, &[("accept-encoding", "br")], "").await;
    assert_eq!(
        (packed.header("content-encoding"), packed.text().as_str()),
        ("br", "compressed")
    );
    let archive = browser
        .send(Method::GET, "/images/large%20%7B2x%7D/backup.gz", &[], "")
        .await;
    assert_eq!(archive.text(), "an archive");
    for missing in ["a%20bell.svg.br", ".hidden", "", "unknown.svg"] {
        let path = format!("/images/large%20%7B2x%7D/{missing}");
        let answer = browser.send(Method::GET, &path, &NAVIGATE, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} is no file");
    }
}
