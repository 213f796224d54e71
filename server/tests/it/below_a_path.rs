//! The pages of Leptos below a path of their origin: every address in them leads below it.

use axum::http::{Method, StatusCode};
use axum_bff::testing::{Browser, FETCH, NAVIGATE, TestBff};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use serde_json::json;

async fn demonstration() -> TestBff {
    let url = ("BFF_PUBLIC_URL", "https://app.example.com/shop");
    TestBff::start_with(server::application, &[url]).await
}

async fn signed_in(bff: &TestBff) -> Browser {
    let claims = json!({"sub": "alice", "name": "Alice", "email": "alice@example.com", "email_verified": true});
    bff.signed_in(claims, &["admin"]).await
}

/// A form as a browser without scripts sends it from this page.
async fn submit(browser: &mut Browser, page: &str, form: (&str, &str)) -> Option<String> {
    let referer = format!("https://app.example.com{page}");
    let from_here = [("sec-fetch-site", "same-origin"), ("referer", referer.as_str())];
    let headers = [&NAVIGATE[..], &from_here].concat();
    let answer = browser.send(Method::POST, form.0, &headers, form.1).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}: {}", form.0, answer.text());
    answer.location().map(str::to_owned)
}

/// The addresses of this origin that a page names in its elements, but for places in the page itself.
fn addresses(page: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut found = Vec::new();
    for token in Tokenizer::new_with_emitter(page, emitter).map(|Ok(token)| token) {
        let Token::StartTag(tag) = token else { continue };
        for (name, value) in &tag.attributes {
            if [&b"href"[..], b"action", b"formaction", b"src"].contains(&name.as_slice()) {
                found.push(String::from_utf8_lossy(value).into_owned());
            }
        }
    }
    found.retain(|address| !address.starts_with('#') && !address.contains("://"));
    found
}

#[tokio::test]
async fn every_address_in_a_page_is_below_the_path_for_a_person_and_for_a_stranger() {
    let bff = demonstration().await;
    let (mut alice, mut stranger) = (signed_in(&bff).await, bff.browser());
    let added = alice
        .send(Method::POST, "/shop/_fn/add_note", &FETCH, "id=&text=milk")
        .await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    // A second session: the page of sessions has a form for it.
    signed_in(&bff).await;
    for (is_alice, page, words, status) in [
        (true, "/shop/", "with no tokens in the browser", 200),
        (true, "/shop/profile", "Claims about you", 200),
        (true, "/shop/sessions", "Other sessions", 200),
        (true, "/shop/notes", "milk", 200),
        (true, "/shop/notes/erase", "Erase all my notes", 200),
        (true, "/shop/orders", "An API call", 200),
        (true, "/shop/admin", "Access rules", 200),
        (true, "/shop/signed-out", "You are signed in", 200),
        (true, "/shop/unknown", "404", 404),
        (false, "/shop/", "Sign in", 200),
        (false, "/shop/signed-out", "You are signed out", 200),
        (false, "/shop/sign-in-failed", "Try again", 400),
        (false, "/shop/unknown", "There is no such page", 404),
    ] {
        let browser = if is_alice { &mut alice } else { &mut stranger };
        let answer = browser.open(page).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{page}: {text}");
        assert!(text.contains(words), "{page} is not that page: {text}");
        let addresses = addresses(&text);
        assert!(addresses.len() > 4, "{page}: {addresses:?}");
        for address in addresses {
            assert!(address.starts_with("/shop/"), "{page}: {address}");
        }
        // The script that starts the WASM finds both of its files.
        for file in [r#""script":"/shop/pkg/"#, r#""wasm":"/shop/pkg/"#] {
            assert!(text.contains(file), "{page}: {text}");
        }
    }
}

#[tokio::test]
async fn the_access_table_names_no_part_of_the_path_and_decides_below_it() {
    let bff = demonstration().await;
    let mut stranger = bff.browser();
    let led = stranger.open("/shop/profile?filter=a").await;
    assert_eq!(
        led.location(),
        Some("/shop/auth/login?return_to=%2Fshop%2Fprofile%3Ffilter%3Da")
    );
    let home = stranger.open("/shop/").await.text();
    assert!(home.contains("href=\"/shop/auth/login?return_to=/shop/\""), "{home}");
    let person = json!({"sub": "bob", "name": "Bob"});
    let mut bob = bff.signed_in(person, &[]).await;
    assert_eq!(bob.open("/shop/admin").await.status, StatusCode::FORBIDDEN);
    // A link to a page that the table keeps from him is not offered.
    let offered = addresses(&bob.open("/shop/profile").await.text());
    assert!(
        offered.contains(&"/shop/notes".to_owned()) && !offered.contains(&"/shop/admin".to_owned()),
        "{offered:?}"
    );
}

#[tokio::test]
async fn a_server_function_answers_below_the_path_and_nowhere_beside_it() {
    let bff = demonstration().await;
    let mut alice = signed_in(&bff).await;
    let listed = alice.send(Method::POST, "/shop/_fn/list_notes", &FETCH, "").await;
    assert_eq!(listed.json()["done"], json!([]));
    let mut count = 0;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        let beside = alice.send(method.clone(), path, &FETCH, "").await;
        assert_eq!(beside.status, StatusCode::NOT_FOUND, "{path}");
        let stranger = bff.browser().send(method, &format!("/shop{path}"), &FETCH, "").await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(stranger.json()["login"], "/shop/auth/login", "{path}");
        count += 1;
    }
    assert!(count > 5, "{count}");
    for page in ["/", "/profile", "/signed-out", "/pkg/frontend.js", "/favicon.svg"] {
        assert_eq!(alice.open(page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn a_form_without_a_script_leads_to_a_page_below_the_path() {
    let bff = demonstration().await;
    let mut alice = signed_in(&bff).await;
    for (page, form, landing) in [
        (
            "/shop/notes",
            ("/shop/_fn/add_note", "id=&text=milk"),
            "/shop/notes?done=",
        ),
        (
            "/shop/sessions",
            ("/shop/_fn/end_other_sessions", ""),
            "/shop/sessions?ended=",
        ),
        (
            "/shop/orders",
            ("/shop/auth/dismiss?return_to=/shop/orders", ""),
            "/shop/orders",
        ),
    ] {
        let led = submit(&mut alice, page, form).await.expect("a page");
        assert!(led.starts_with(landing), "{}: {led}", form.0);
        assert_eq!(alice.open(&led).await.status, StatusCode::OK, "{led}");
    }
    let out = alice.submit("/shop/auth/logout").await;
    let removed = out.set_cookies();
    let cookie = removed.first().expect("the session's cookie");
    assert!(
        cookie.starts_with("__Host-Http-session-shop=;") && cookie.contains("; Path=/;"),
        "{cookie}"
    );
    let led = out.leads_to().expect("a page");
    assert!(led.starts_with("/shop/signed-out"), "{led}");
    assert!(
        alice.open(&led).await.text().contains("You are signed out"),
        "{led} is the page after a sign-out"
    );
}
