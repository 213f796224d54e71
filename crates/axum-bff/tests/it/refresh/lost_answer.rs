//! The provider issues new tokens, but its answer comes late or incomplete. The refresh token may be spent then.

use crate::browser::Browser;
use crate::world::{EXPIRED, REFRESHING, World};
use provider::{Endpoint, Fault};
use std::time::Duration;

/// RT-06
#[tokio::test]
async fn an_answer_that_comes_after_the_time_out_is_kept() {
    let settings = [
        ("BFF_SCOPES", REFRESHING),
        ("BFF_SESSION_IDLE", "2h"),
        ("BFF_PROVIDER_TIMEOUT", "1s"),
    ];
    let world = World::start_with(&settings).await;
    let mut people = Vec::new();
    for _ in 0..5 {
        people.push(world.signed_in("alice").await);
    }
    world.advance(EXPIRED);
    world.inject(Fault::Hang(Endpoint::Token));
    let said = futures::future::join_all(people.iter_mut().map(Browser::reread)).await;
    assert!(said.iter().all(|said| said["refusal"] == "unavailable"), "{said:?}");
    world.provider.heal();
    for person in &mut people {
        world
            .until("the late answer is kept", async || {
                person.reread().await["status"] == "active"
            })
            .await;
    }
    assert_eq!((world.provider.refreshes(), world.provider.reuse_alarms()), (5, 0));
}

/// Alice at a provider whose refresh tokens rotate, which the relying party has seen at a first refresh.
async fn rotating() -> (World, Browser) {
    let world = super::world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    assert_eq!(alice.reread().await["status"], "active");
    (world, alice)
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_asked_for_again_where_refresh_tokens_rotate() {
    let (world, mut alice) = rotating().await;
    world.advance(EXPIRED);
    world.inject(Fault::HalfBody(Endpoint::Token));
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    assert_eq!(alice.session().await["reason"], "refresh_interrupted");
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        3,
        "each refresh token was sent once"
    );
    assert_eq!(world.provider.reuse_alarms(), 0);
}

#[tokio::test]
async fn an_answer_that_breaks_off_ends_nothing_while_the_access_token_is_good() {
    let (world, mut alice) = rotating().await;
    world.advance(Duration::from_secs(59 * 60 + 10));
    world.inject(Fault::HalfBody(Endpoint::Token));
    for _ in 0..2 {
        assert_eq!(alice.reread().await["status"], "active");
        world.advance(Duration::from_secs(3));
    }
    world.provider.heal();
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        3,
        "each refresh token was sent once"
    );
    world.advance(EXPIRED);
    let said = world.while_time_passes(alice.reread()).await;
    assert_eq!(said["refusal"], "session_ended", "{said}");
    assert_eq!(alice.session().await["reason"], "refresh_interrupted");
    assert_eq!(world.provider.reuse_alarms(), 0);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again_where_refresh_tokens_stay() {
    let world = World::start_refreshing(|settings| settings.rotate_refresh_tokens = false).await;
    let mut alice = world.signed_in("alice").await;
    for _ in 0..2 {
        world.advance(EXPIRED);
        world.inject(Fault::HalfBody(Endpoint::Token));
        assert_eq!(alice.reread().await["refusal"], "unavailable");
        world.provider.heal();
        world.advance(Duration::from_secs(2));
        assert_eq!(alice.reread().await["status"], "active");
    }
}
