use super::start_script;
use crate::assets::Assets;
use crate::drafts;
use crate::public_path::PublicPath;
use crate::session::names::{CHANNEL, PAGE_FAILED, PAGE_HYDRATED};
use crate::words::{PageFailedWords, Words};
use bff_contract::paths::{self, EVENTS, LOGOUT, SESSION};

fn english() -> String {
    start_script(&Assets::default(), &Words::ENGLISH, &PublicPath::default())
}

#[test]
fn the_start_names_both_files_and_nothing_that_is_to_be_put_in() {
    let script = english();
    assert!(script.contains(r#""script":"/pkg/frontend.js""#), "{script}");
    assert!(script.contains(r#""wasm":"/pkg/frontend.wasm""#), "{script}");
    assert!(!script.contains("GIVEN") && !script.contains("//"), "{script}");
}

#[test]
fn a_page_that_failed_speaks_the_language_of_the_words_and_no_word_ends_the_script() {
    let words = Words {
        page_failed: PageFailedWords {
            title: "Diese Seite wird nicht mehr gezeigt",
            happened: "</script><b>\"Ende\" \\",
            again: "Neu laden",
        },
        ..Words::ENGLISH
    };
    let script = start_script(&Assets::default(), &words, &PublicPath::default());
    assert!(!script.contains("</"), "{script}");
    let given = script.split_once(" = ").expect("the first line").1;
    let given = given.split_once(";\n").expect("its end").0;
    let given: serde_json::Value = serde_json::from_str(given).expect("an object");
    assert_eq!(given["words"]["title"], words.page_failed.title);
    assert_eq!(given["words"]["happened"], words.page_failed.happened);
    assert_eq!(given["words"]["again"], words.page_failed.again);
    let english = Words::ENGLISH.page_failed;
    for word in [english.title, english.happened, english.again] {
        assert!(!script.contains(word), "{word}");
    }
}

/// RED-01
///
/// A browser takes a path that begins with two slashes for the name of another site.
#[test]
fn each_address_that_the_start_makes_of_a_path_has_the_origin_before_it() {
    let script = english();
    let addresses = ["link.href = ", "location[load]("].map(|assigned| {
        let mut found = script.split(assigned).skip(1);
        let address = found.next().expect("an address");
        assert_eq!(found.next(), None, "{assigned}");
        address
    });
    for address in addresses {
        assert!(address.starts_with("location.origin + "), "{address}");
    }
}

#[test]
fn the_start_is_told_the_public_path_and_finds_both_files_below_it() {
    let script = start_script(&Assets::default(), &Words::ENGLISH, &PublicPath::new("/shop"));
    for given in [
        r#""path":"/shop""#,
        r#""script":"/shop/pkg/frontend.js""#,
        r#""wasm":"/shop/pkg/frontend.wasm""#,
    ] {
        assert!(script.contains(given), "{given}: {script}");
    }
    for address in [EVENTS, LOGOUT, SESSION].map(|address| format!("'{address}'")) {
        let below = format!("path + {address}");
        let count = |text: &str| script.matches(text).count();
        assert_eq!((count(&address), count(&below)), (1, 1), "{address}");
    }
}

#[test]
fn a_page_that_failed_speaks_of_what_the_others_speak_of() {
    let script = english();
    for name in [CHANNEL, EVENTS, LOGOUT, PAGE_FAILED, PAGE_HYDRATED, SESSION] {
        assert!(script.contains(&format!("'{name}'")), "{name}");
    }
    assert!(script.contains(&format!("'{}'", drafts::PREFIX)), "{script}");
    assert!(script.contains(&format!("`{}?at=", paths::PAGE_FAILED)), "{script}");
}
