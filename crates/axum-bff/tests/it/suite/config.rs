//! The Config plan: discovery and keys.

use super::{accepts, succeeds_in};
use crate::world::World;
use axum::http::StatusCode;
use provider::{Endpoint, Fault};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn oidcc_client_test_discovery_openid_config() {
    let world = accepts([]).await;
    assert_eq!(world.provider.calls_to(Endpoint::Metadata).len(), 1);
}

/// The address of the keys is another one in each run.
#[tokio::test]
async fn oidcc_client_test_discovery_jwks_uri_keys() {
    let world = World::start().await;
    let address = format!("{}{}?run=7", world.provider.issuer(), Endpoint::Jwks.path());
    succeeds_in(&world, [Fault::MetadataMember("jwks_uri", json!(address))]).await;
    let calls = world.provider.calls_to(Endpoint::Jwks);
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("run"), Some("7"));
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch() {
    no_authorization_request_to_another_issuer().await;
}

pub(super) async fn no_authorization_request_to_another_issuer() {
    let world = World::start().await;
    let other = format!("{}INVALID", world.provider.issuer());
    world.inject(Fault::MetadataMember("issuer", json!(other)));
    let answer = world.browser().open("/auth/login").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.location(), None);
    assert!(world.provider.calls_to(Endpoint::Authorization).is_empty());
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let world = accepts([]).await;
    world.provider.rotate_keys();
    world.advance(Duration::from_mins(1));
    succeeds_in(&world, []).await;
    assert_eq!(world.provider.calls_to(Endpoint::Jwks).len(), 2);
}

/// The keys change between the authorization request and the token request.
#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let world = accepts([]).await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
    world.provider.rotate_keys();
    assert_eq!(browser.open(&callback).await.location(), Some("/profile"));
    assert_eq!(browser.session().await["status"], "active");
}
