//! A page names the files of the front end that were built, with the hashes in their names.

use crate::world::World;
use std::fs;

#[tokio::test]
async fn the_page_names_the_hashed_files() {
    let site = tempfile::tempdir().expect("a folder");
    let list = r#"{"script":"/pkg/frontend.0123456789abcdef.js","wasm":"/pkg/frontend.0123456789abcdef.wasm","style":"/pkg/main.0123456789abcdef.css"}"#;
    fs::write(site.path().join("assets.json"), list).expect("written");
    let world = World::start_with(&[("BFF_SITE", site.path().to_str().expect("UTF-8"))]).await;
    let page = world.browser().open("/").await.text();
    for name in [
        "frontend.0123456789abcdef.js",
        "frontend.0123456789abcdef.wasm",
        "main.0123456789abcdef.css",
    ] {
        assert!(page.contains(name), "{name}");
    }
}
