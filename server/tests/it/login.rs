//! `/auth/login`: the authorization request.

use crate::browser::NAVIGATE;
use crate::world::{ORIGIN, World};
use axum::http::{Method, StatusCode};
use provider::Endpoint;
use std::collections::{BTreeMap, HashSet};
use url::Url;

fn parameters(address: &str) -> BTreeMap<String, String> {
    Url::parse(address).expect("a URL").query_pairs().into_owned().collect()
}

#[tokio::test]
async fn authz_01_to_04_the_authorization_request_is_code_flow_with_pkce() {
    let world = World::start().await;
    let start = world.browser().open("/auth/login").await;
    let sent = parameters(start.location().expect("a location"));
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], world.client.id);
    assert_eq!(sent["redirect_uri"], format!("{ORIGIN}/auth/callback"));
    assert_eq!(sent["scope"], "openid profile email");
    assert_eq!(sent["code_challenge_method"], "S256");
    assert_eq!(sent["code_challenge"].len(), 43);
    assert!(sent["nonce"].len() >= 22 && sent["state"] != sent["nonce"]);
    assert!(!sent.contains_key("client_secret"));
}

#[tokio::test]
async fn authz_02_no_header_changes_the_redirect_uri() {
    let world = World::start().await;
    let mut headers = NAVIGATE.to_vec();
    headers.extend([
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ]);
    let start = world.browser().send(Method::GET, "/auth/login", &headers, "").await;
    assert_eq!(
        parameters(start.location().expect("a location"))["redirect_uri"],
        format!("{ORIGIN}/auth/callback")
    );
}

#[tokio::test]
async fn authz_03_every_login_is_fresh() {
    let world = World::start().await;
    let mut browser = world.browser();
    let mut seen = HashSet::new();
    for _ in 0..50 {
        let start = browser.open("/auth/login").await;
        let sent = parameters(start.location().expect("a location"));
        for name in ["state", "nonce", "code_challenge"] {
            assert!(seen.insert(sent[name].clone()), "{name} repeats");
        }
    }
    assert_eq!(browser.cookies.len(), 1, "AUTHZ-06: one cookie, however many tabs");
}

#[tokio::test]
async fn authz_05_the_login_cookie_is_bound_and_opaque() {
    let world = World::start().await;
    let start = world.browser().open("/auth/login").await;
    let [cookie] = &start.set_cookies()[..] else {
        panic!("one cookie")
    };
    assert!(cookie.starts_with("__Host-Http-login="));
    assert!(cookie.ends_with("; Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax"));
    let sent = parameters(start.location().expect("a location"));
    assert!(!cookie.contains(&sent["nonce"]));
}

#[tokio::test]
async fn authz_08_callers_choose_no_protocol_parameter() {
    let world = World::start().await;
    let mut browser = world.browser();
    let query = "redirect_uri=https://evil&response_type=token&scope=admin&client_id=x&prompt=none&nonce=1&state=2";
    let start = browser.open(&format!("/auth/login?{query}")).await;
    let sent = parameters(start.location().expect("a location"));
    assert_eq!(
        (sent["response_type"].as_str(), sent["scope"].as_str()),
        ("code", "openid profile email")
    );
    assert_eq!(sent["client_id"], world.client.id);
    assert!(!sent.contains_key("prompt") && sent["state"] != "2" && sent["nonce"] != "1");
}

#[tokio::test]
async fn authz_09_a_login_starts_from_a_document_navigation_only() {
    let world = World::start().await;
    for (mode, dest) in [
        ("no-cors", "image"),
        ("navigate", "iframe"),
        ("cors", "empty"),
        ("no-cors", "script"),
    ] {
        let headers = [("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
        let answer = world.browser().send(Method::GET, "/auth/login", &headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{mode} {dest}");
        assert!(answer.set_cookies().is_empty());
    }
}

#[tokio::test]
async fn invariant_7_a_login_start_costs_no_provider_call_once_the_metadata_is_known() {
    let world = World::start().await;
    world.browser().open("/auth/login").await;
    world.provider.forget_calls();
    for _ in 0..5 {
        world.browser().open("/auth/login").await;
    }
    assert!(world.provider.calls().is_empty());
    assert_eq!(world.provider.calls_to(Endpoint::Metadata).len(), 0);
}

#[tokio::test]
async fn red_01_a_foreign_target_becomes_the_home_page() {
    let world = World::start().await;
    for target in [
        "//evil.example",
        "/\\evil.example",
        "https:evil",
        "https://evil.example",
        "/%09/evil",
        "%2F%2Fevil",
    ] {
        let mut browser = world.browser();
        let landing = browser.sign_in(&world.provider, "alice", target).await;
        assert_eq!(landing.location(), Some("/"), "{target}");
    }
}
