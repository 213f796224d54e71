//! Text that would be markup if a page did not escape it, in every field that a page shows (HDR-12).
//!
//! The tests read pages as browsers do, with the tokenizer of the HTML standard. So the special rules for the content
//! of `<textarea>` and `<title>` apply. The end-to-end tests do the same in Chromium.

use crate::browser::{Browser, FETCH, NAVIGATE};
use crate::world::World;
use axum::http::{Method, StatusCode};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use provider::Person;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use url::form_urlencoded;

/// This text ends any element or attribute in which it stands, and begins an element that no page has.
const HOSTILE: &str =
    "--></title></textarea></script></style></noscript></template>'\"><x-hostile x-hostile='1'>&lt;b&gt;&amp;";

/// Hostile text for the name or the value of a claim. Pages show both.
fn hostile(name: &str) -> String {
    format!("{name} {HOSTILE}")
}

/// A person whose claims all have hostile text.
fn mallory() -> Person {
    let text = |name: &str| Value::String(hostile(name));
    let mut claims = json!({
        "sub": "mallory",
        "email_verified": true,
        "address": { hostile("street"): text("address") },
        "roles": ["admin", text("role")],
        "groups": [text("group")],
        hostile("claim"): text("claim"),
    });
    for name in [
        "name",
        "given_name",
        "nickname",
        "preferred_username",
        "email",
        "picture",
        "website",
        "profile",
    ] {
        claims[name] = text(name);
    }
    Person::new("mallory", "mallory", claims)
}

/// Returns all text of a page, also that of fields and titles. Panics if the hostile text has become markup.
fn text_of(page: &str, address: &str) -> String {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut text, mut is_data) = (String::new(), false);
    for token in Tokenizer::new_with_emitter(page, emitter).map(|Ok(token)| token) {
        match token {
            Token::StartTag(tag) => {
                let is_ours = |name: &[u8]| !name.starts_with(b"x-hostile");
                assert!(is_ours(&tag.name), "an element at {address}: {page}");
                assert!(
                    tag.attributes.keys().all(|name| is_ours(name)),
                    "an attribute at {address}: {page}"
                );
                is_data = matches!(tag.name.as_slice(), b"script" | b"style");
                for value in tag.attributes.values() {
                    text.push_str(&String::from_utf8_lossy(value));
                    text.push('\n');
                }
            }
            Token::EndTag(_) => is_data = false,
            Token::String(characters) if !is_data => text.push_str(&String::from_utf8_lossy(&characters)),
            _ => {}
        }
    }
    text
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

async fn world() -> (World, Browser) {
    let claims =
        "name given_name nickname preferred_username email email_verified picture website profile address groups";
    let world = World::start_at(
        &[("BFF_CLAIMS", claims), ("BFF_SCOPES", "openid profile email address")],
        |provider| provider.people.push(mallory()),
    )
    .await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "mallory", "/profile").await;
    // The list of sessions names devices by the `User-Agent`, so that is hostile too.
    let agent = [&NAVIGATE[..], &[("user-agent", HOSTILE)]].concat();
    let landing = browser.send(Method::GET, &callback, &agent, "").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
    (world, browser)
}

/// HDR-12
#[tokio::test]
async fn no_page_takes_the_text_of_a_field_for_markup() {
    let (_world, mut browser) = world().await;
    let added = browser.call("add_note", &query(&[("text", HOSTILE)])).await;
    assert_eq!(added.json()["done"]["text"], HOSTILE);
    let pages = crate::guarded::pages();
    let pages: BTreeSet<&str> = pages.iter().map(leptos_axum::AxumRouteListing::path).collect();
    assert!(pages.len() >= 8, "{pages:?}");
    // Each page gets the parameters of all pages.
    let words = [
        "filter",
        "done",
        "reread",
        "ended",
        "provider",
        "problem",
        "erased",
        "return_to",
    ];
    let parameters = query(&words.map(|word| (word, HOSTILE)));
    let mut said = String::new();
    for path in pages {
        let address = format!("{path}?{parameters}");
        let page = browser.open(&address).await;
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{address}: {}",
            page.status
        );
        said.push_str(&text_of(&page.text(), path));
    }
    for shown in ["name", "email", "role"] {
        assert!(said.contains(&hostile(shown)), "a page shows {shown} unchanged");
    }
    let (_, after) = said.split_once("Text of the note").expect("a field with the note");
    assert!(after.contains(HOSTILE), "the field has the note unchanged: {after}");
}

#[tokio::test]
async fn a_note_that_begins_with_a_line_break_keeps_it_in_its_field() {
    let (_world, mut browser) = world().await;
    browser.call("add_note", &query(&[("text", "\nsecond line")])).await;
    let page = browser.open("/notes").await.text();
    let fields: Vec<&str> = page
        .split("<textarea")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(_, text)| text)
        .collect();
    // A parser drops the first of the two line breaks.
    assert!(
        fields.iter().any(|text| text.starts_with("\n\nsecond line</textarea>")),
        "{fields:?}"
    );
}

/// HDR-12
#[tokio::test]
async fn a_strangers_text_in_an_address_is_text_on_the_page_that_refuses_it() {
    let (world, mut browser) = world().await;
    let mut stranger = world.browser();
    for path in [
        "/auth/callback",
        "/auth/login",
        "/sign-in-failed",
        "/signed-out",
        "/",
        "/unknown",
        "/auth/frontchannel-logout",
    ] {
        let words = [
            "code",
            "state",
            "error",
            "error_description",
            "iss",
            "sid",
            "return_to",
            "problem",
            "provider",
        ];
        let address = format!("{path}?{}", query(&words.map(|word| (word, HOSTILE))));
        for browser in [&mut stranger, &mut browser] {
            let mut page = browser.open(&address).await;
            if let Some(next) = page
                .location()
                .filter(|to| to.starts_with("/sign-in-failed"))
                .map(str::to_owned)
            {
                page = browser.open(&next).await;
            }
            text_of(&page.text(), path);
        }
    }
    for function in ["add_note", "change_note", "remove_note", "erase_notes", "end_session"] {
        let body = query(&[("id", HOSTILE), ("text", ""), ("session", HOSTILE)]);
        for headers in [&NAVIGATE[..], &FETCH[..]] {
            let headers = [headers, &[("sec-fetch-site", "same-origin")]].concat();
            let answer = browser
                .send(Method::POST, &format!("/_fn/{function}"), &headers, &body)
                .await;
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{function}");
            if answer.header("content-type").starts_with("text/html") {
                text_of(&answer.text(), function);
            }
        }
    }
}
