//! `/auth/login`: the authorization request.

use crate::address::parameters;
use crate::browser::NAVIGATE;
use crate::world::{ORIGIN, World};
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault};
use std::collections::HashSet;

/// AUTHZ-01, AUTHZ-02, AUTHZ-03, AUTHZ-04
#[tokio::test]
async fn the_authorization_request_is_code_flow_with_pkce() {
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

/// AUTHZ-02
#[tokio::test]
async fn no_header_changes_the_redirect_uri() {
    let world = World::start().await;
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "app.example.com:444"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", "444"),
        ("x-forwarded-prefix", "/evil"),
        ("x-original-host", "evil.example"),
        ("x-original-url", "https://evil.example/"),
        ("x-rewrite-url", "/evil"),
        ("forwarded", "host=evil.example;proto=http"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ] {
        let headers = [&NAVIGATE[..], &[(name, value)]].concat();
        let start = world.browser().send(Method::GET, "/auth/login", &headers, "").await;
        let sent = parameters(start.location().expect("a location"));
        assert_eq!(sent["redirect_uri"], format!("{ORIGIN}/auth/callback"), "{name}");
    }
    let absolute = "https://evil.example/auth/login";
    let start = world.browser().send(Method::GET, absolute, &NAVIGATE, "").await;
    assert_eq!(
        parameters(start.location().expect("a location"))["redirect_uri"],
        format!("{ORIGIN}/auth/callback"),
        "{absolute}"
    );
}

/// AUTHZ-03, AUTHZ-06
///
/// The unit tests of the login transaction show the same for a thousand logins.
#[tokio::test]
async fn every_login_is_fresh_and_the_cookie_does_not_grow() {
    let world = World::start().await;
    let mut browser = world.browser();
    let mut seen = HashSet::new();
    let mut pieces = HashSet::new();
    let mut callbacks = Vec::new();
    for _ in 0..50 {
        let start = browser.open("/auth/login?return_to=/profile").await;
        let address = start.location().expect("a location").to_owned();
        let sent = parameters(&address);
        for name in ["state", "nonce", "code_challenge"] {
            assert!(seen.insert(sent[name].clone()), "{name} repeats");
        }
        // The states of two logins have the same beginning, the name of the key. It does not count here.
        let values = [&sent["state"][32..], &sent["nonce"], &sent["code_challenge"]];
        for piece in values.iter().flat_map(|value| value.as_bytes().windows(10)) {
            assert!(pieces.insert(piece.to_vec()), "a part repeats");
        }
        callbacks.push(world.provider.authorize(&address, "alice").await.to_string());
    }
    assert_eq!(browser.cookies.len(), 1, "AUTHZ-06: one cookie, however many tabs");
    for callback in [&callbacks[0], &callbacks[49], &callbacks[25]] {
        assert_eq!(browser.open(callback).await.location(), Some("/profile"));
    }
}

/// AUTHZ-04
///
/// A provider that refuses PKCE gets no authorization request without it.
#[tokio::test]
async fn pkce_is_never_dropped_and_never_plain() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.inject(Fault::AuthorizationError(
        "invalid_request",
        "transform algorithm not supported".to_owned(),
    ));
    for _ in 0..2 {
        let callback = browser.callback_address(&world.provider, "alice", "/").await;
        world.provider.forget_calls();
        let answer = browser.open(&callback).await;
        assert!(answer.location().expect("a page").starts_with("/sign-in-failed?"));
        assert!(world.provider.calls().is_empty(), "nothing is tried again");
        let start = browser.open("/auth/login").await;
        let sent = parameters(start.location().expect("a location"));
        assert_eq!(sent["code_challenge_method"], "S256");
        assert_eq!(sent["code_challenge"].len(), 43);
    }
}

/// AUTHZ-12
///
/// Only a setting makes the client request `offline_access`, with the consent that OpenID Connect Core §11 demands.
#[tokio::test]
async fn only_the_scopes_of_the_settings_are_asked_for() {
    let world = World::start().await;
    let cases = [
        (None, "openid profile email", None),
        (Some("openid"), "openid", None),
        (Some("openid offline_access"), "openid offline_access", None),
    ];
    for (setting, scope, prompt) in cases {
        let settings: Vec<_> = setting.map(|scopes| ("BFF_SCOPES", scopes)).into_iter().collect();
        let start = world
            .browser()
            .at(world.replica_set(&settings).await)
            .open("/auth/login?scope=admin&prompt=consent")
            .await;
        let sent = parameters(start.location().expect("a location"));
        assert_eq!(sent["scope"], scope);
        assert_eq!(
            sent.get("prompt").map(String::as_str),
            prompt,
            "the metadata of this provider do not list consent"
        );
    }
    world.inject(Fault::MetadataWithoutMember("prompt_values_supported"));
    let replica = world.replica_set(&[("BFF_SCOPES", "openid offline_access")]).await;
    let start = world.browser().at(replica).open("/auth/login").await;
    assert_eq!(parameters(start.location().expect("a location"))["prompt"], "consent");
}

/// AUTHZ-05
#[tokio::test]
async fn the_login_cookie_is_bound_and_opaque() {
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

/// AUTHZ-08
#[tokio::test]
async fn callers_choose_no_protocol_parameter() {
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

/// AUTHZ-09
#[tokio::test]
async fn a_login_starts_from_a_document_navigation_only() {
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
async fn a_login_start_costs_no_provider_call_once_the_metadata_is_known() {
    let world = World::start().await;
    world.browser().open("/auth/login").await;
    world.provider.forget_calls();
    for _ in 0..5 {
        world.browser().open("/auth/login").await;
    }
    assert!(world.provider.calls().is_empty());
    assert_eq!(world.provider.calls_to(Endpoint::Metadata).len(), 0);
}

/// RED-01
#[tokio::test]
async fn a_foreign_target_becomes_the_home_page() {
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
