//! The plan of refresh tokens.

use crate::world::{EXPIRED, World};
use provider::{Endpoint, Fault};

#[tokio::test]
async fn oidcc_client_test_refresh_token() {
    let world = World::start_refreshing(|_| ()).await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    assert_eq!(alice.reread().await["status"], "active");
    let refresh = &world.provider.calls_to(Endpoint::Token)[1];
    assert_eq!(refresh.parameter("grant_type"), Some("refresh_token"));
    assert_eq!(refresh.parameter("scope"), None, "no further scope is asked for");
    let userinfo = world.provider.calls_to(Endpoint::Userinfo);
    assert_eq!(userinfo.len(), 2);
    assert_ne!(
        userinfo[0].header("authorization"),
        userinfo[1].header("authorization"),
        "with the new token"
    );
}

async fn refused(fault: Fault) {
    let world = World::start_refreshing(|_| ()).await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(fault);
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    assert_eq!(
        world.provider.calls_to(Endpoint::Userinfo).len(),
        1,
        "no userinfo after it"
    );
}

#[tokio::test]
async fn oidcc_client_test_refresh_token_invalid_issuer() {
    refused(Fault::IdTokenClaimSuffix("iss", "1")).await;
}

#[tokio::test]
async fn oidcc_client_test_refresh_token_invalid_sub() {
    refused(Fault::IdTokenClaimSuffix("sub", "1")).await;
}
