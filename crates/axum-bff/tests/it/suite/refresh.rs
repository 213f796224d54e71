//! Refreshes.

use crate::world::{EXPIRED, World};
use provider::{Endpoint, Fault};

pub(super) async fn userinfo_with_the_new_token() {
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

pub(super) async fn ends_the_session(fault: Fault) {
    let world = World::start_refreshing(|_| ()).await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(fault);
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    let userinfo = world.provider.calls_to(Endpoint::Userinfo).len();
    assert_eq!(userinfo, 1, "no userinfo after it");
}
