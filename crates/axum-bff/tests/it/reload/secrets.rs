//! A client secret, a client key and the session key ring change.

use super::{Files, replica};
use crate::world::World;
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_session::key_ring::KeyRing;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use std::collections::BTreeMap;

const SESSION: &str = "__Host-Http-session";

/// TOK-03
#[tokio::test]
async fn a_sign_in_after_the_change_uses_the_new_client_secret() {
    let files = Files::new();
    let path = files.write("secret", "not-the-secret");
    let settings = [("BFF_CLIENT_SECRET", ""), ("BFF_CLIENT_SECRET_FILE", path.as_str())];
    let world = World::start_with(&settings).await;
    let (bff, router) = replica(&world).await;
    let browser = || world.browser().at(router.clone());
    let refused = browser().sign_in(&world.provider, "alice", "/profile").await;
    assert!(refused.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
    files.write("secret", &world.client.secret);
    let reloaded = bff.reload_changed().await.expect("a good file");
    assert_eq!(reloaded.settings, ["BFF_CLIENT_SECRET"]);
    assert!(reloaded.need_restart.is_empty(), "{reloaded:?}");
    let landing = browser().sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
}

#[tokio::test]
async fn new_client_keys_are_published_at_once() {
    let key = || {
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
            .expect("a key")
            .serialize_pem()
    };
    let files = Files::new();
    let (old, new) = (key(), key());
    let path = files.write("key.pem", &old);
    let world = World::start_with(&[("BFF_CLIENT_KEY_FILE", path.as_str())]).await;
    let (bff, router) = replica(&world).await;
    let mut browser = world.browser().at(router);
    let before = browser.fetch("/auth/jwks").await.json();
    files.write("key.pem", &format!("{old}{new}"));
    let reloaded = bff.reload().await.expect("good keys");
    assert_eq!(reloaded.settings, ["BFF_CLIENT_KEY"]);
    let after = browser.fetch("/auth/jwks").await.json();
    assert_eq!(after["keys"].as_array().map(Vec::len), Some(2));
    assert_eq!(after["keys"][0], before["keys"][0]);
}

/// The records of sessions, by their places.
fn records(world: &World) -> BTreeMap<String, String> {
    let mut contents = world.redis.contents();
    contents.retain(|key, _| !key.contains(':'));
    contents
}

/// SEC-04
#[tokio::test]
async fn a_session_of_the_old_key_goes_on_and_is_sealed_by_the_new_first_key() {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let files = Files::new();
    let path = files.write("keys", &old);
    let settings = [("BFF_SESSION_KEY", ""), ("BFF_SESSION_KEY_FILE", path.as_str())];
    let world = World::start_with(&settings).await;
    let (bff, router) = replica(&world).await;
    let mut alice = world.browser().at(router.clone());
    alice.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    let before = records(&world);
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    assert_eq!(records(&world), before, "nothing is due");

    files.write("keys", &format!("{},{}", *new, *old));
    let reloaded = bff.reload_changed().await.expect("good keys");
    assert_eq!(reloaded.settings, ["BFF_SESSION_KEY"]);
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
    let after = records(&world);
    assert!(after.keys().eq(before.keys()) && after != before, "it is sealed anew");

    let mut bob = world.browser().at(router);
    bob.sign_in(&world.provider, "bob", "/profile").await;
    let id = URL_SAFE_NO_PAD.decode(&bob.cookies[SESSION]).expect("base64");
    let first = KeyRing::parse(&new).expect("a key").first();
    assert_eq!(id[..4], first.0, "a new session has the new key");
}

/// SEC-04
#[tokio::test]
async fn a_key_that_is_gone_from_the_file_opens_no_session_any_more() {
    let files = Files::new();
    let path = files.write("keys", &KeyRing::new_key());
    let settings = [("BFF_SESSION_KEY", ""), ("BFF_SESSION_KEY_FILE", path.as_str())];
    let world = World::start_with(&settings).await;
    let (bff, router) = replica(&world).await;
    let mut alice = world.browser().at(router);
    alice.sign_in(&world.provider, "alice", "/profile").await;
    files.write("keys", &KeyRing::new_key());
    bff.reload_changed().await.expect("a good key");
    assert_eq!(alice.session().await["status"], "anonymous");
}
