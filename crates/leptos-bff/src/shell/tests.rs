use super::start_script;
use crate::assets::Assets;
use crate::drafts;
use crate::session::names::{CHANNEL, PAGE_FAILED};
use bff_contract::paths::{self, EVENTS, LOGOUT, SESSION};

#[test]
fn the_start_names_both_files_and_nothing_that_is_to_be_put_in() {
    let script = start_script(&Assets::default());
    assert!(script.contains("import(\"/pkg/frontend.js\")"), "{script}");
    assert!(script.contains("fetch(\"/pkg/frontend.wasm\")"), "{script}");
    assert!(!script.contains("SCRIPT") && !script.contains("//"), "{script}");
}

#[test]
fn a_page_that_failed_speaks_of_what_the_others_speak_of() {
    let script = start_script(&Assets::default());
    for name in [CHANNEL, EVENTS, LOGOUT, PAGE_FAILED, SESSION] {
        assert!(script.contains(&format!("'{name}'")), "{name}");
    }
    assert!(script.contains(&format!("'{}'", drafts::PREFIX)), "{script}");
    assert!(script.contains(&format!("`{}?at=", paths::PAGE_FAILED)), "{script}");
}
