//! The key that verifies a token: key sets that are odd but valid, keys that rotate, and keys that a token brings
//! along.

use crate::backchannel_logout::{form, post};
use crate::rejection::{Reached, Refusal, is_rejected};
use crate::world::{EXPIRED, World};
use axum::http::StatusCode;
use provider::{Client, Endpoint, Fault, LogoutTokenParts, Provider, Settings, SignatureFault};
use serde_json::json;
use std::time::Duration;

/// Alice signs in while the provider has these faults, at a new replica, which has not read the keys yet.
async fn signs_in(world: &World, name: &str, faults: Vec<Fault>) {
    for fault in faults {
        world.inject(fault);
    }
    let mut browser = world.browser().at(world.replica().await);
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{name}");
    world.provider.heal();
}

/// IDT-06
///
/// `oidcc-client-test-kid-absent-single-jwks`, `oidcc-client-test-kid-absent-multiple-jwks` and
/// `oidcc-client-test-idtoken-sig-rs256`: of several keys that fit, each is tried.
#[tokio::test]
async fn without_a_kid_every_key_that_fits_is_tried() {
    let world = World::start().await;
    let no_kid = || Fault::IdTokenWithoutHeader("kid");
    let foreign = || Fault::JwksExtraKey(world.provider.foreign_key());
    signs_in(&world, "one key, kid in the set only", vec![no_kid()]).await;
    let none = Fault::JwksKeyWithoutMember("kid");
    signs_in(&world, "one key", vec![no_kid(), none.clone()]).await;
    signs_in(&world, "two RSA keys", vec![no_kid(), foreign(), none]).await;
    let four_kinds = || Fault::JwksOfFourKinds;
    signs_in(&world, "twelve keys of four kinds", vec![no_kid(), four_kinds()]).await;

    // A `kid` that no key has may be that of a new key, so the keys are read again. Here no new key comes, either time.
    for _ in 0..2 {
        world.advance(Duration::from_mins(1));
        let mut browser = world.browser().at(world.replica().await);
        let callback = browser.callback_address(&world.provider, "alice", "/").await;
        world.inject(four_kinds());
        let refusal = Refusal {
            name: "kid in the token only",
            code: "id_token_unknown_key",
            reached: Reached::Token,
        };
        is_rejected(&world, &mut browser, &callback, refusal).await;
        world.provider.heal();
    }
}

/// DISC-12
#[tokio::test]
async fn keys_that_are_not_understood_are_skipped() {
    let world = World::start().await;
    let entries = [
        json!({"kty": "foo"}),
        json!({"kty": "RSA", "kid": "no n"}),
        json!({"kty": "RSA", "n": "%%%", "e": "AQAB"}),
        json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}),
        json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
        json!({"kty": "OKP", "crv": "X25519", "x": "AA"}),
        json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}),
        json!({"kty": ["RSA"]}),
        json!("no object"),
        json!(null),
        json!([]),
    ];
    let all = entries.iter().cloned().map(Fault::JwksExtraKey).collect();
    signs_in(&world, "all at once", all).await;
    for entry in entries {
        let name = entry.to_string();
        signs_in(&world, &name, vec![Fault::JwksExtraKey(entry)]).await;
    }
}

/// DISC-10
///
/// `oidcc-client-test-signing-key-rotation`, `oidcc-client-test-signing-key-rotation-just-before-signing`.
#[tokio::test]
async fn keys_that_rotate_are_read_again() {
    let world = World::start().await;
    world.signed_in("alice").await;
    assert_eq!(world.provider.calls_to(Endpoint::Jwks).len(), 1);
    world.advance(Duration::from_mins(1));
    world.provider.rotate_keys();
    world.signed_in("bob").await;
    assert_eq!(world.provider.calls_to(Endpoint::Jwks).len(), 2, "between logins");

    world.advance(Duration::from_mins(1));
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    world.provider.rotate_keys();
    assert_eq!(browser.open(&callback).await.location(), Some("/profile"));
    assert_eq!(world.provider.calls_to(Endpoint::Jwks).len(), 3, "during a login");
    world.signed_in("bob").await;
    assert_eq!(
        world.provider.calls_to(Endpoint::Jwks).len(),
        3,
        "known keys are not read again"
    );
}

/// The form with a logout token of the provider that has this `kid`.
fn with_kid(world: &World, kid: &str) -> String {
    let parts = LogoutTokenParts::of_session("nobody's").headed("kid", kid);
    form(&world.provider.logout_token(parts))
}

/// DISC-11
#[tokio::test]
async fn a_thousand_tokens_with_made_up_keys_cost_one_reading() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    world.provider.forget_calls();
    for round in 1..=2 {
        for number in 0..500 {
            let answer = post(&world, &with_kid(&world, &format!("made up {round} {number}"))).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{number}");
        }
        assert_eq!(
            world.provider.calls_to(Endpoint::Jwks).len(),
            round,
            "one reading in each window"
        );
        world.advance(Duration::from_secs(10));
    }
    let sid = world.provider.sids("alice").remove(0);
    let known = world.provider.logout_token(LogoutTokenParts::of_session(&sid));
    assert_eq!(post(&world, &form(&known)).await.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "ended", "the known key still verifies");
    assert_eq!(world.provider.calls_to(Endpoint::Jwks).len(), 2);

    world.inject(Fault::Status(Endpoint::Jwks, 500));
    for number in 0..100 {
        post(&world, &with_kid(&world, &format!("made up 3 {number}"))).await;
    }
    assert_eq!(
        world.provider.calls_to(Endpoint::Jwks).len(),
        3,
        "readings that fail are as rare"
    );
}

/// DISC-11
///
/// A stranger posts made-up tokens again and again. They cost one reading of the keys, and stop neither a
/// refresh nor a sign-in from reading new keys.
#[tokio::test]
async fn no_stranger_keeps_the_keys_from_being_read_for_a_refresh_or_a_sign_in() {
    let world = World::start_refreshing(|_| ()).await;
    let mut people = Vec::new();
    for _ in 0..10 {
        people.push(world.signed_in("alice").await);
    }
    world.advance(EXPIRED);
    // The keys are an hour old, so this sign-in reads them again.
    world.signed_in("bob").await;
    world.provider.forget_calls();
    for number in 0..50 {
        post(&world, &with_kid(&world, &format!("made up {number}"))).await;
    }
    assert_eq!(
        world.provider.calls_to(Endpoint::Jwks).len(),
        1,
        "the stranger costs one reading"
    );
    world.provider.rotate_keys();
    let rereads = people.iter_mut().map(crate::browser::Browser::reread);
    let said = world.while_time_passes(futures::future::join_all(rereads)).await;
    let alive = said.iter().filter(|said| said["status"] == "active").count();
    assert_eq!(alive, 10, "{said:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);

    for number in 0..50 {
        post(&world, &with_kid(&world, &format!("made up again {number}"))).await;
    }
    world.provider.rotate_keys();
    let mut browser = world.browser();
    let landing = world.while_time_passes(browser.sign_in(&world.provider, "bob", "/profile"));
    assert_eq!(
        landing.await.location(),
        Some("/profile"),
        "a sign-in within the same seconds"
    );
}

/// RT-06
///
/// The provider signs with a key that it does not publish, or its keys cannot be read.
#[tokio::test]
async fn keys_that_are_not_known_end_no_session_at_a_refresh() {
    let faults = [
        ("unknown", Fault::JwksKeyMember("kid", json!("another"))),
        ("away", Fault::Status(Endpoint::Jwks, 503)),
        ("cut", Fault::Cut(Endpoint::Jwks)),
    ];
    for (name, fault) in faults {
        let world = World::start_refreshing(|_| ()).await;
        let mut alice = world.signed_in("alice").await;
        world.advance(EXPIRED);
        world.signed_in("bob").await;
        world.provider.rotate_keys();
        world.inject(fault);
        for round in 1..=2 {
            let reread = world.while_time_passes(alice.reread()).await;
            assert_eq!(reread["status"], "active", "{name}: {reread}");
            assert_eq!(world.provider.refreshes(), round, "{name}");
            world.advance(EXPIRED);
        }
        world.provider.heal();
        assert_eq!(
            world.while_time_passes(alice.reread()).await["status"],
            "active",
            "{name}"
        );
        assert_eq!(world.provider.reuse_alarms(), 0, "{name}: each refresh token was kept");
    }
}

/// A server of an attacker, which offers keys and records every attempt to read them.
async fn attacker() -> Provider {
    let client = Client::new("bff", "https://app.example.com/", "https://app.example.com/");
    Provider::start(Settings::new(client)).await.expect("it starts")
}

/// DISC-09
///
/// Those that an ID Token brings along are judged by the tests of the relying party (`redeem/tests.rs`).
#[tokio::test]
async fn keys_that_a_logout_token_brings_along_verify_nothing() {
    let (world, attacker) = (World::start().await, attacker().await);
    let key = world.provider.foreign_key();
    let address = json!(format!("{}/jwks", attacker.issuer()));
    let cases = [
        ("jwk", key.clone()),
        ("jku", address.clone()),
        ("x5u", address),
        ("x5c", json!(["AAAA"])),
    ];
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").pop().expect("a session");
    for (member, value) in cases {
        let parts = LogoutTokenParts::of_session(&sid).headed(member, value);
        let token = world.provider.logout_token(parts.signed(SignatureFault::OtherKey));
        let answer = post(&world, &form(&token)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{member}");
        assert_eq!(alice.session().await["status"], "active", "{member}");
    }
    assert!(attacker.calls().is_empty(), "{:?}", attacker.calls());
}
