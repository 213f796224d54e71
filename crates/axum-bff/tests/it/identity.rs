//! Issuer and subject identify a person, and no other claim does. The ID Token does not leave the server.

use crate::api::{Api, call, world};
use crate::backchannel_logout::{form, post};
use crate::world::World;
use axum::http::{Method, StatusCode};
use bff_clock::Clock as _;
use provider::{Clock, Fault, LogoutTokenParts, Provider, Settings};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// The number of sessions that the signed-in person has, by the list of them.
async fn sessions(browser: &mut crate::browser::Browser) -> usize {
    let listed = browser.call("list_sessions", "").await.json();
    listed["sessions"]
        .as_array()
        .map_or_else(|| panic!("{listed}"), Vec::len)
}

/// Ends all sessions of this subject at this provider, with a logout token.
async fn sign_out_everywhere(world: &World, provider: &Provider, subject: &str) {
    world.advance(Duration::from_secs(1));
    let token = provider.logout_token(LogoutTokenParts::of_subject(subject));
    post(world, &form(&token)).await;
}

/// IDT-19
#[tokio::test]
async fn the_same_subject_at_two_issuers_is_two_people() {
    let world = World::start().await;
    let clock = world.clock.clone();
    let settings = Settings {
        clock: Clock::new(move || SystemTime::from(clock.now())),
        ..Settings::new(world.client.clone())
    };
    let other = Provider::start(settings).await.expect("it starts");
    assert_eq!(world.provider.subject("alice"), other.subject("alice"));
    let mut here = world.signed_in("alice").await;
    let mut there = world
        .browser()
        .at(world.replica_set(&[("BFF_ISSUER", other.issuer())]).await);
    let landing = there.sign_in(&other, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"));
    assert_eq!((sessions(&mut here).await, sessions(&mut there).await), (1, 1));
    assert_ne!(here.session().await["issuer"], there.session().await["issuer"]);

    let subject = other.subject("alice");
    sign_out_everywhere(&world, &world.provider, &subject).await;
    assert_eq!(here.session().await["reason"], "provider");
    assert_eq!(there.session().await["status"], "active");
}

/// IDT-19
#[tokio::test]
async fn an_e_mail_address_that_changes_or_passes_on_joins_nobody() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let claims = [
        ("email", json!("alice@example.com")),
        ("email_verified", json!(true)),
        ("preferred_username", json!("alice")),
        ("name", json!("Alice Lindqvist")),
        ("phone_number", json!("+1")),
    ];
    for (claim, value) in claims {
        world.inject(Fault::UserinfoClaim(claim, value));
    }
    let mut bob = world.signed_in("bob").await;
    world.provider.heal();
    assert_eq!(bob.session().await["claims"]["email"], "alice@example.com");
    assert_eq!((sessions(&mut alice).await, sessions(&mut bob).await), (1, 1));

    world.inject(Fault::UserinfoClaim("email", json!("new@example.com")));
    let mut elsewhere = world.signed_in("alice").await;
    assert_eq!((sessions(&mut alice).await, sessions(&mut elsewhere).await), (2, 2));
    let subject = world.provider.subject("alice");
    sign_out_everywhere(&world, &world.provider, &subject).await;
    let states = [alice.session().await, elsewhere.session().await, bob.session().await];
    let reasons = states.map(|state| state.get("reason").cloned().unwrap_or(Value::Null));
    assert_eq!(reasons, [json!("provider"), json!("provider"), Value::Null]);
}

/// IDT-22, LO-05
///
/// No answer to the browser and no call to an API holds the ID Token. LO-05 is the documented exception.
#[tokio::test]
async fn the_id_token_goes_to_no_page_and_to_no_api() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let is_jws = |secret: &String| secret.starts_with("eyJ") && secret.matches('.').count() == 2;
    let id_tokens: Vec<String> = world.provider.issued_secrets().into_iter().filter(is_jws).collect();
    assert_eq!(id_tokens.len(), 1);
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    for call in api.calls() {
        assert!(call.header("authorization").starts_with("Bearer "));
        let sent = format!("{:?}{}", call.headers, call.target);
        assert!(!sent.contains(&id_tokens[0]), "{sent}");
    }
    for path in ["/", "/profile", "/admin", "/sessions", "/auth/session", "/notes"] {
        for answer in [browser.open(path).await, browser.fetch(path).await] {
            let told = format!("{:?}{}", answer.headers, answer.text());
            assert!(!told.contains(&id_tokens[0]), "{path}");
        }
    }
}
