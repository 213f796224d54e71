//! Client authentication, at a provider that accepts the registered method and no other.

use crate::leaks::Log;
use crate::world::{EXPIRED, REFRESHING, World};
use axum::http::{Method, StatusCode};
use oidc_relying_party::ClientKeys;
use provider::{Authentication, Endpoint};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};
use serde_json::Value;

/// A private key in PKCS #8.
fn key() -> String {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
        .expect("a key")
        .serialize_pem()
}

fn registered(pem: &str) -> Authentication {
    Authentication::PrivateKeyJwt(ClientKeys::from_pem(pem).expect("keys").jwk_set())
}

/// A world whose client has this key ring and no secret, at a provider that knows the keys of `registered_keys`.
async fn world(ring: &str, registered_keys: &str, further: &[(&str, &str)]) -> World {
    let own = [
        ("BFF_CLIENT_SECRET", ""),
        ("BFF_CLIENT_KEY", ring),
        ("BFF_SCOPES", REFRESHING),
    ];
    let settings = [&own[..], further].concat();
    World::start_at(&settings, |it| it.client.authentication = registered(registered_keys)).await
}

/// TOK-02
///
/// The Basic profile's module `oidcc-client-test-client-secret-basic`: the provider takes `client_secret_basic` only.
#[tokio::test]
async fn a_provider_that_takes_client_secret_basic_only_gets_it() {
    let world = World::start_at(&[], |it| {
        it.client.authentication = Authentication::ClientSecretBasic;
    })
    .await;
    world.signed_in("alice").await;
    let calls = world.provider.calls_to(Endpoint::Token);
    assert!(
        calls[0]
            .header("authorization")
            .is_some_and(|it| it.starts_with("Basic "))
    );
    assert_eq!(calls[0].parameter("client_secret"), None);
    let pinned = [("BFF_CLIENT_AUTHENTICATION", "client_secret_post")];
    let post = world.replica_set(&pinned).await;
    let mut browser = crate::browser::Browser::new(post);
    let refused = browser.sign_in(&world.provider, "bob", "/").await;
    assert!(refused.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
}

/// TOK-04
#[tokio::test]
async fn private_key_jwt_is_used_at_sign_in_refresh_and_revocation() {
    for kind in [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
        let pem = KeyPair::generate_for(kind).expect("a key").serialize_pem();
        let world = world(
            &pem,
            &pem,
            &[("BFF_SESSION_IDLE", "2h"), ("BFF_API_DEMO", "http://127.0.0.1:1")],
        )
        .await;
        let mut browser = world.signed_in("alice").await;
        world.advance(EXPIRED);
        browser.send(Method::GET, "/api/demo/x", &crate::api::CALL, "").await;
        assert_eq!(world.provider.refreshes(), 1);
        browser.submit("/auth/logout").await;
        world
            .until("the refresh token is revoked", async || {
                !world.provider.calls_to(Endpoint::Revocation).is_empty()
            })
            .await;
        let mut calls = world.provider.calls_to(Endpoint::Token);
        calls.extend(world.provider.calls_to(Endpoint::Revocation));
        for call in &calls {
            assert!(call.parameter("client_assertion").is_some(), "{}", call.path);
            assert!(call.parameter("client_secret").is_none() && call.header("authorization").is_none());
        }
        let assertions: std::collections::HashSet<_> =
            calls.iter().map(|call| call.parameter("client_assertion")).collect();
        assert_eq!(assertions.len(), calls.len(), "no assertion comes twice");
    }
}

/// SEC-04
///
/// A key is replaced without an interruption: the next one is published, registered by the provider, and then used.
#[tokio::test]
async fn a_client_key_rotates_while_logins_go_on() {
    let (current, next) = (key(), key());
    let published = format!("{current}{next}");
    let world = world(&published, &published, &[]).await;
    let jwks = world.browser().fetch("/auth/jwks").await.json();
    assert_eq!(
        jwks["keys"].as_array().map(Vec::len),
        Some(2),
        "the next key is published"
    );
    world.signed_in("alice").await;
    let turned = world
        .replica_set(&[("BFF_CLIENT_KEY", &format!("{next}{current}"))])
        .await;
    let answer = crate::browser::Browser::new(turned)
        .sign_in(&world.provider, "bob", "/profile")
        .await;
    assert_eq!(answer.location(), Some("/profile"));
    world.signed_in("alice").await;
}

/// TOK-04
#[tokio::test]
async fn a_key_that_the_provider_does_not_know_signs_nobody_in() {
    let world = world(&key(), &key(), &[]).await;
    let refused = world.browser().sign_in(&world.provider, "alice", "/").await;
    assert!(refused.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        1,
        "not tried again in another way"
    );
}

#[tokio::test]
async fn our_public_keys_are_published_for_everybody_and_for_a_while() {
    let pem = key();
    let world = world(&pem, &pem, &[]).await;
    let answer = world.browser().fetch("/auth/jwks").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.set_cookies().is_empty());
    assert_eq!(answer.json(), ClientKeys::from_pem(&pem).expect("keys").jwk_set());
    let without = World::start().await.browser().fetch("/auth/jwks").await;
    assert_eq!(
        without.json()["keys"],
        Value::Array(Vec::new()),
        "a client without a key publishes none"
    );
}

/// SES-13, SEC-01
///
/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn neither_the_private_key_nor_an_assertion_leaves_for_anybody_but_the_provider() {
    let (log, _guard) = Log::catch();
    let pem = key();
    let world = world(&pem, &pem, &[]).await;
    let mut browser = world.browser();
    let mut answers = vec![browser.fetch("/auth/jwks").await];
    answers.push(browser.sign_in(&world.provider, "alice", "/profile").await);
    answers.push(browser.open("/profile").await);
    world.inject(provider::Fault::TokenMember("token_type", "mac".into()));
    answers.push(browser.sign_in(&world.provider, "bob", "/").await);
    let calls = world.provider.calls_to(Endpoint::Token);
    let assertions = calls.iter().filter_map(|call| call.parameter("client_assertion"));
    // The log and the answers must hold no line of the key's PEM form.
    let secrets: Vec<&str> = pem
        .lines()
        .filter(|line| !line.starts_with('-'))
        .chain(assertions)
        .collect();
    assert!(secrets.len() >= 4, "{}", secrets.len());
    let written = log.text();
    assert!(written.contains("token_response_token_type"), "the log was caught");
    for secret in secrets {
        assert!(!written.contains(secret), "a secret is in the log");
        for answer in &answers {
            let head = format!("{:?}", answer.headers);
            assert!(!answer.text().contains(secret) && !head.contains(secret), "in {head}");
        }
    }
}
