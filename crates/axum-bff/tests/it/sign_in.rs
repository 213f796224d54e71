//! The whole flow: a person signs in, sees their claims, and signs out.

use crate::address::parameters;
use crate::world::{EXPIRED, World};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provider::Endpoint;
use sha2::{Digest, Sha256};
use std::time::Duration;

#[tokio::test]
async fn a_person_signs_in_sees_their_claims_and_signs_out() {
    let world = World::start().await;
    let mut browser = world.browser();

    let refused = browser.open("/profile").await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert_eq!(refused.location(), Some("/auth/login?return_to=%2Fprofile"));

    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(
        (landing.status, landing.location()),
        (StatusCode::SEE_OTHER, Some("/profile"))
    );

    let profile = browser.open("/profile").await;
    assert_eq!(profile.status, StatusCode::OK);
    let text = profile.text();
    assert!(text.contains("Alice"), "the page shows the name");
    assert!(text.contains(world.provider.issuer()), "the page shows the issuer");

    let out = browser.submit("/auth/logout").await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.leads_to().expect("an address").starts_with(world.provider.issuer()));
    assert_eq!(browser.open("/profile").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.open("/signed-out").await.status, StatusCode::OK);
}

/// TOK-01, TOK-02, UI-01
#[tokio::test]
async fn the_provider_is_asked_once_with_verifier_and_bearer() {
    let world = World::start().await;
    let _browser = world.signed_in("alice").await;
    let token = &world.provider.calls_to(Endpoint::Token)[..];
    let [token] = token else {
        panic!("{} token requests", token.len())
    };
    assert!(
        token
            .parameter("code_verifier")
            .is_some_and(|verifier| verifier.len() == 43)
    );
    assert_eq!(
        token.parameter("redirect_uri"),
        Some("https://app.example.com/auth/callback")
    );
    assert!(
        token
            .header("authorization")
            .is_some_and(|value| value.starts_with("Basic "))
    );
    assert!(
        token.parameter("client_secret").is_none(),
        "TOK-02: one method of client authentication only"
    );
    let userinfo = world.provider.calls_to(Endpoint::Userinfo);
    assert_eq!(userinfo.len(), 1);
    assert!(
        userinfo[0]
            .header("authorization")
            .is_some_and(|value| value.starts_with("Bearer "))
    );
    assert!(userinfo[0].query.is_empty(), "UI-01: never in the query");
}

/// TOK-01
///
/// The code verifier and the redirect URI of the token request have to match the authorization request. The provider
/// checks both, too.
#[tokio::test]
async fn verifier_and_redirect_uri_are_those_of_the_request() {
    let world = World::start().await;
    let mut browser = world.browser();
    let start = browser.open("/auth/login").await;
    let address = start.location().expect("a location");
    let asked = parameters(address);
    let callback = world.provider.authorize(address, "alice").await;
    browser.open(callback.as_str()).await;
    let token = world.provider.calls_to(Endpoint::Token).remove(0);
    let sent = |name: &str| token.parameter(name).expect("a parameter").to_owned();
    assert_eq!(token.method, "POST");
    assert!(token.query.is_empty());
    let form = "application/x-www-form-urlencoded";
    assert_eq!(token.header("content-type"), Some(form));
    assert_eq!(sent("grant_type"), "authorization_code");
    assert_eq!(sent("redirect_uri"), asked["redirect_uri"]);
    let digest = Sha256::digest(sent("code_verifier"));
    assert_eq!(URL_SAFE_NO_PAD.encode(digest), asked["code_challenge"]);
    assert!(callback.as_str().contains(&sent("code")));
}

/// TOK-09
///
/// The scopes that the provider granted count, not the scopes that were asked for. Without `offline_access` there is no
/// refresh token, and the relying party tries no refresh.
#[tokio::test]
async fn less_scope_than_asked_for_is_a_feature_less() {
    let world = World::start_refreshing(|_| ()).await;
    world.inject(provider::Fault::TokenMember("scope", "openid".into()));
    world.inject(provider::Fault::TokenWithoutMember("refresh_token"));
    world.inject(provider::Fault::UserinfoWithoutClaim("email"));
    let mut browser = world.signed_in("alice").await;
    assert_eq!(browser.session().await["claims"].get("email"), None);
    assert_eq!(browser.open("/profile").await.status, StatusCode::OK);
    world.advance(EXPIRED);
    let reread = browser.reread().await;
    assert_eq!(reread["refusal"], "sign_in_again", "{reread}");
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 1);
    assert_eq!(browser.session().await["status"], "active");

    // A token response without `scope` grants all scopes that were asked for (RFC 6749 §5.1).
    world.provider.heal();
    world.inject(provider::Fault::TokenWithoutMember("scope"));
    let mut browser = world.signed_in("alice").await;
    world.advance(EXPIRED);
    assert_eq!(browser.reread().await["status"], "active");
}

/// TOK-02
#[tokio::test]
async fn client_secret_post_is_used_where_the_setting_says_so() {
    let world = World::start_with(&[("BFF_CLIENT_AUTHENTICATION", "client_secret_post")]).await;
    let _browser = world.signed_in("alice").await;
    let token = &world.provider.calls_to(Endpoint::Token)[0];
    assert!(token.header("authorization").is_none());
    assert_eq!(token.parameter("client_secret"), Some(world.client.secret.as_str()));
}

#[tokio::test]
async fn the_session_names_its_person_and_its_limits_and_reading_it_extends_nothing() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    assert_eq!(
        world.browser().session().await,
        serde_json::json!({"status": "anonymous"})
    );

    let state = browser.session().await;
    assert_eq!(state["status"], "active");
    assert_eq!(
        state["claims"]["name"].as_str().map(|name| name.starts_with("Alice")),
        Some(true)
    );
    assert_eq!(state["issuer"], world.provider.issuer());
    assert_eq!(state["expires_in"], 8 * 60 * 60);

    for _ in 0..6 {
        world.advance(Duration::from_mins(5));
        browser.session().await;
    }
    assert_eq!(
        browser.session().await["reason"],
        "idle",
        "the session was idle for 30 minutes"
    );
}

#[tokio::test]
async fn the_claims_are_read_again_from_the_provider() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    world.inject(provider::Fault::UserinfoClaim("nickname", "changed-meanwhile".into()));
    let answer = browser.submit("/_fn/reread_claims").await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "without JavaScript: {}",
        answer.text()
    );
    assert_eq!(answer.location(), Some("/profile?reread=done"));
    assert!(browser.open("/profile").await.text().contains("changed-meanwhile"));
    assert_eq!(browser.session().await["claims"]["nickname"], "changed-meanwhile");
}

/// UI-02
#[tokio::test]
async fn claims_of_another_person_are_not_taken_over() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    world.inject(provider::Fault::UserinfoClaim("sub", "somebody-else".into()));
    world.inject(provider::Fault::UserinfoClaim("nickname", "not-hers".into()));
    let answer = browser.submit("/_fn/reread_claims").await;
    assert_eq!(answer.location(), Some("/profile?reread=unavailable"));
    assert!(!browser.open("/profile").await.text().contains("not-hers"));
}
