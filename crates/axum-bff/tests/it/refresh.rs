//! Refreshing tokens. Each expiry causes one refresh, and the provider's answer decides whether the session goes on.

mod away;
pub(crate) mod claims;
mod ended;
mod late_store;
mod lost_answer;
mod sid;

use crate::world::{EXPIRED, REFRESHING, World};
use provider::{Answer, Endpoint, Fault};
use std::time::Duration;

async fn world() -> World {
    World::start_refreshing(|_| ()).await
}

/// RT-01, RT-02
#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_session_goes_on() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    alice.reread().await;
    assert_eq!(world.provider.refreshes(), 0, "the access token is still valid");
    for round in 1..4 {
        world.advance(EXPIRED);
        assert_eq!(alice.reread().await["status"], "active");
        assert_eq!(alice.reread().await["status"], "active");
        assert_eq!(
            world.provider.refreshes(),
            round,
            "one refresh for each expiry, with the newest refresh token"
        );
    }
    assert_eq!(world.provider.reuse_alarms(), 0);
    let refresh = &world.provider.calls_to(Endpoint::Token)[1];
    assert_eq!(refresh.parameter("grant_type"), Some("refresh_token"));
    assert_eq!(
        refresh.parameter("scope"),
        None,
        "the refresh asks for no other scopes than those that were granted"
    );
}

/// RT-02
#[tokio::test]
async fn without_rotation_the_refresh_token_is_kept() {
    let world = World::start_refreshing(|settings| settings.rotate_refresh_tokens = false).await;
    let mut alice = world.signed_in("alice").await;
    for round in 1..3 {
        world.advance(EXPIRED);
        assert_eq!(alice.reread().await["status"], "active");
        assert_eq!(world.provider.refreshes(), round);
    }
}

/// RT-03
#[tokio::test]
async fn many_requests_on_two_replicas_make_one_refresh() {
    let world = world().await;
    let alice = world.signed_in("alice").await;
    let elsewhere = alice.at(world.replica().await);
    world.advance(EXPIRED);
    let requests = (0..50).map(|number| {
        let mut tab = if number % 2 == 0 {
            alice.clone()
        } else {
            elsewhere.clone()
        };
        async move { tab.reread().await["status"].clone() }
    });
    let answers = futures::future::join_all(requests).await;
    assert!(answers.iter().all(|status| status == "active"), "{answers:?}");
    assert_eq!((world.provider.refreshes(), world.provider.reuse_alarms()), (1, 0));
}

/// RT-07
#[tokio::test]
async fn a_refresh_puts_off_no_limit() {
    let limits = [("BFF_SESSION_IDLE", "90m"), ("BFF_SESSION_ABSOLUTE", "100m")];
    let world = World::start_with(&[&[("BFF_SCOPES", REFRESHING)], &limits[..]].concat()).await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    let before = alice.session().await["expires_in"].clone();
    alice.reread().await;
    assert_eq!(alice.session().await["expires_in"], before);
    world.advance(Duration::from_mins(40));
    assert_eq!(alice.session().await["reason"], "limit");
}

/// UI-06
#[tokio::test]
async fn a_refused_token_is_renewed_at_most_once() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    let asked = || world.provider.calls_to(Endpoint::Userinfo).len() - 1;
    let refused =
        Answer::new(401, "application/json", "{}").with_header("www-authenticate", "Bearer error=\"invalid_token\"");
    world.inject(Fault::Answer(Endpoint::Userinfo, refused));
    assert_eq!(alice.reread().await["refusal"], "sign_in_again");
    assert_eq!(
        (asked(), world.provider.refreshes()),
        (1, 0),
        "so young a token was not refused because of its age, so it is not refreshed"
    );
    world.advance(Duration::from_mins(5));
    assert_eq!(alice.reread().await["refusal"], "sign_in_again");
    assert_eq!(
        (asked(), world.provider.refreshes()),
        (3, 1),
        "userinfo is asked for once more, with a new token"
    );
    assert_eq!(alice.reread().await["refusal"], "sign_in_again");
    assert_eq!(
        (asked(), world.provider.refreshes()),
        (4, 1),
        "no second refresh at once"
    );
    world.provider.heal();
    assert_eq!(alice.reread().await["status"], "active");
}

#[tokio::test]
async fn a_refresh_goes_on_when_the_person_has_closed_the_page() {
    let world = world().await;
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Delay(Endpoint::Token, Duration::from_millis(300)));
    let mut tab = alice.clone();
    let closed = tokio::time::timeout(Duration::from_millis(100), tab.reread()).await;
    assert!(closed.is_err(), "the page was closed before the provider answered");
    world
        .until("the provider has answered", async || world.provider.refreshes() == 1)
        .await;
    world.provider.heal();
    assert_eq!(alice.clone().reread().await["status"], "active");
    assert_eq!(
        (world.provider.refreshes(), world.provider.reuse_alarms()),
        (1, 0),
        "the provider's answer was kept"
    );
}
