//! The borders between the rooms: who may know of whom.

use std::path::{Path, PathBuf};

fn sources(of: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut waiting = vec![root.join(format!("{of}.rs")), root.join(of)];
    waiting.retain(|path| path.exists());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                std::fs::read_dir(&path)
                    .expect("a folder")
                    .flatten()
                    .map(|entry| entry.path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_test = path.file_name().is_some_and(|name| name == "tests.rs")
                || path.components().any(|part| part.as_os_str() == "tests");
            if !is_test {
                found.push((path.clone(), std::fs::read_to_string(&path).expect("a file")));
            }
        }
    }
    assert!(!found.is_empty(), "{of} is not there");
    found
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

fn knows_nothing_of(room: &str, words: &[&str]) {
    for (path, text) in sources(room) {
        for line in code(&text) {
            // A module of Leptos, and not the crate here that has the same name.
            let line = line.replace("leptos::server::", "leptos::");
            for word in words {
                assert!(!line.contains(word), "{} knows of {word}: {line}", path.display());
            }
        }
    }
}

#[test]
fn the_relying_party_knows_no_http_server_no_store_and_no_session() {
    knows_nothing_of(
        "src/relying_party",
        &[
            "axum",
            "fred::",
            "tower_sessions",
            "crate::session",
            "crate::cookies",
            "crate::auth",
            "crate::state",
            "leptos",
        ],
    );
}

#[test]
fn the_session_knows_no_openid_connect() {
    knows_nothing_of(
        "src/session",
        &[
            "openidconnect",
            "relying_party",
            "crate::auth",
            "axum",
            "leptos",
            "reqwest",
        ],
    );
}

#[test]
fn the_application_knows_neither() {
    knows_nothing_of(
        "../app/src",
        &[
            "openidconnect",
            "fred",
            "tower_sessions",
            "server::",
            "reqwest",
            "use axum",
        ],
    );
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).expect("a file");
    for name in [
        "openidconnect",
        "fred",
        "tower-sessions",
        "reqwest",
        "server",
        "provider",
        "secrecy",
    ] {
        assert!(
            !manifest.lines().any(|line| line.starts_with(name)),
            "app depends on {name}"
        );
    }
}

#[test]
fn only_the_settings_read_the_environment() {
    for (path, text) in sources("src") {
        let may = ["config", "development.rs"]
            .iter()
            .any(|name| path.to_string_lossy().contains(name));
        assert!(
            may || !code(&text).any(|line| line.contains("env::var")),
            "{}",
            path.display()
        );
    }
}

#[test]
fn nothing_asks_the_time_but_the_clock() {
    for (path, text) in sources("src") {
        let may = path.ends_with("clock.rs");
        for line in code(&text) {
            assert!(
                may || !line.contains("now_utc()") && !line.contains("SystemTime::now"),
                "{}: {line}",
                path.display()
            );
        }
    }
}
