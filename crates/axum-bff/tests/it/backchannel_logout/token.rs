//! Logout tokens that fail a check have no effect.

use super::{form, logout, post};
use crate::leaks::Log;
use crate::world::World;
use axum::http::StatusCode;
use provider::{Fault, LogoutTokenParts, SignatureFault};
use serde_json::json;
use std::time::Duration;

/// Expects that the logout token is refused and that Alice's session lives.
async fn refused(world: &World, parts: LogoutTokenParts, what: &str) {
    let mut alice = world.signed_in("alice").await;
    let answer = logout(world, parts).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert_eq!(answer.json()["error"], "invalid_request", "{what}");
    assert_eq!(alice.session().await["status"], "active", "{what}");
}

/// LO-13, LO-14, LO-15, LO-16, LO-18
#[tokio::test]
async fn a_token_that_is_not_to_be_believed_has_no_effect() {
    let world = World::start().await;
    world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    let good = || LogoutTokenParts::of_subject(&subject);
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let event = "http://schemas.openid.net/event/backchannel-logout";
    for (what, parts) in [
        ("alg none", good().signed(SignatureFault::None)),
        ("a foreign key", good().signed(SignatureFault::OtherKey)),
        ("a flipped bit", good().signed(SignatureFault::FlippedBit)),
        (
            "HS256 with the client secret",
            good().signed(SignatureFault::Hs256WithClientSecret),
        ),
        ("another issuer", good().with("iss", "https://evil.example")),
        ("no issuer", good().without("iss")),
        ("another audience", good().with("aud", "somebody")),
        ("no audience", good().without("aud")),
        ("expired", good().with("exp", now - 120)),
        ("no exp", good().without("exp")),
        ("no iat", good().without("iat")),
        ("of the future", good().with("iat", now + 600)),
        ("no jti", good().without("jti")),
        ("no events", good().without("events")),
        ("events as text", good().with("events", event)),
        ("events as a list", good().with("events", json!([event]))),
        ("another event", good().with("events", json!({"foobar": {}}))),
        (
            "an event that is no object",
            good().with("events", json!({ event: true })),
        ),
        ("a nonce", good().with("nonce", "n")),
        ("neither sub nor sid", LogoutTokenParts::of_nobody()),
        ("an empty sub", LogoutTokenParts::of_subject("")),
        ("typ JWT", good().typed(Some("JWT"))),
        ("typ at+jwt", good().typed(Some("at+jwt"))),
    ] {
        refused(&world, parts, what).await;
    }
    let untyped = logout(&world, good().typed(None)).await;
    assert_eq!(
        untyped.status,
        StatusCode::OK,
        "LO-18: the certification suite sends no typ"
    );
}

/// LO-18
#[tokio::test]
async fn a_setting_demands_the_typ() {
    let world = World::start_with(&[("BFF_LOGOUT_TOKEN_TYP_REQUIRED", "on")]).await;
    world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    refused(&world, LogoutTokenParts::of_subject(&subject).typed(None), "no typ").await;
    assert_eq!(
        logout(&world, LogoutTokenParts::of_subject(&subject)).await.status,
        StatusCode::OK
    );
}

/// LO-19
#[tokio::test]
async fn a_replayed_token_has_no_new_effect() {
    let world = World::start().await;
    world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    let token = form(&world.provider.logout_token(LogoutTokenParts::of_subject(&subject)));
    assert_eq!(post(&world, &token).await.status, StatusCode::OK);
    world.advance(Duration::from_secs(2));
    let mut again = world.signed_in("alice").await;
    assert_eq!(post(&world, &token).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(again.session().await["status"], "active");
    let late =
        LogoutTokenParts::of_subject(&subject).with("iat", (time::OffsetDateTime::now_utc()).unix_timestamp() - 60);
    assert_eq!(logout(&world, late).await.status, StatusCode::OK);
    assert_eq!(
        again.session().await["status"],
        "active",
        "the logout is older than this session"
    );
}

/// LO-21
#[tokio::test]
async fn an_id_token_is_no_logout_token() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for secret in world.provider.issued_secrets() {
        assert_eq!(post(&world, &form(&secret)).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(alice.session().await["status"], "active");
    let subject = world.provider.subject("alice");
    let logout_token = world.provider.logout_token(LogoutTokenParts::of_subject(&subject));
    world.inject(Fault::IdTokenRaw(logout_token));
    let mut browser = world.browser();
    let answer = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert!(
        answer
            .location()
            .is_some_and(|location| location.starts_with("/sign-in-failed"))
    );
    assert!(!browser.cookies.contains_key("__Host-Http-session"));
}

/// LO-14, LO-18
///
/// Hydra and Keycloak before 25 send such tokens. The setting `auto` takes them where the metadata have the addresses
/// of one of these. The log line of a refusal names the setting.
#[tokio::test(flavor = "current_thread")]
async fn a_token_without_exp_or_with_typ_jwt_is_taken_where_setting_or_metadata_say_so() {
    let (log, _guard) = Log::catch();
    for (settings, addresses_of_hydra, taken) in [
        (vec![], false, false),
        (vec![], true, true),
        (vec![("BFF_LOGOUT_TOKEN_LENIENT", "off")], true, false),
        (vec![("BFF_LOGOUT_TOKEN_LENIENT", "on")], false, true),
    ] {
        let world = World::start_with(&settings).await;
        if addresses_of_hydra {
            let address = format!("{}/oauth2/sessions/logout", world.provider.issuer());
            world.inject(Fault::MetadataMember("end_session_endpoint", json!(address)));
        }
        let of = |username: &str| LogoutTokenParts::of_subject(&world.provider.subject(username));
        for (username, parts) in [
            ("alice", of("alice").without("exp")),
            ("bob", of("bob").typed(Some("JWT"))),
        ] {
            let mut browser = world.signed_in(username).await;
            let before = log.text().len();
            let answer = logout(&world, parts).await;
            let said = log.text().split_off(before);
            assert_eq!(answer.status == StatusCode::OK, taken, "{settings:?}: {said}");
            assert_eq!(said.contains("BFF_LOGOUT_TOKEN_LENIENT=on accepts"), !taken, "{said}");
            let status = if taken { "ended" } else { "active" };
            assert_eq!(browser.session().await["status"], status, "{settings:?}");
        }
    }
}
