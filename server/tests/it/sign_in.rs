//! The whole flow: sign in, see claims, sign out.

use crate::world::World;
use axum::http::StatusCode;
use provider::Endpoint;
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
    assert!(text.contains("Alice"), "the name is shown");
    assert!(text.contains(world.provider.issuer()), "and who signed her in");

    let out = browser.submit("/auth/logout").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.location().expect("a location").starts_with(world.provider.issuer()));
    assert_eq!(browser.open("/profile").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.open("/signed-out").await.status, StatusCode::OK);
}

#[tokio::test]
async fn tok_01_ui_01_the_provider_is_asked_once_with_verifier_and_bearer() {
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
    assert!(token.parameter("client_secret").is_none(), "TOK-02: one method only");
    let userinfo = world.provider.calls_to(Endpoint::Userinfo);
    assert_eq!(userinfo.len(), 1);
    assert!(
        userinfo[0]
            .header("authorization")
            .is_some_and(|value| value.starts_with("Bearer "))
    );
    assert!(userinfo[0].query.is_empty(), "UI-01: never in the query");
}

#[tokio::test]
async fn tok_02_client_secret_post_by_setting() {
    let world = World::start_with(&[("BFF_CLIENT_AUTHENTICATION", "client_secret_post")]).await;
    let _browser = world.signed_in("alice").await;
    let token = &world.provider.calls_to(Endpoint::Token)[0];
    assert!(token.header("authorization").is_none());
    assert_eq!(token.parameter("client_secret"), Some(world.client.secret.as_str()));
}

#[tokio::test]
async fn the_session_says_who_and_how_long_and_reading_it_extends_nothing() {
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
    assert_eq!(browser.session().await["reason"], "idle", "30 idle minutes are over");
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

#[tokio::test]
async fn ui_02_claims_of_another_person_are_not_taken_over() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    world.inject(provider::Fault::UserinfoClaim("sub", "somebody-else".into()));
    world.inject(provider::Fault::UserinfoClaim("nickname", "not-hers".into()));
    let answer = browser.submit("/_fn/reread_claims").await;
    assert_eq!(answer.location(), Some("/profile?reread=unavailable"));
    assert!(!browser.open("/profile").await.text().contains("not-hers"));
}
