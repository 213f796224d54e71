//! Refresh responses with fewer members, and refusals with unusual error codes.

use crate::world::{EXPIRED, REFRESHING, World};
use bff_clock::Clock;
use provider::{Answer, Endpoint, Fault};
use serde_json::json;
use std::time::Duration;

/// RT-02, RT-04
#[tokio::test]
async fn a_refresh_may_give_no_id_token_no_nonce_and_no_refresh_token() {
    // The first value: a refresh returns an ID Token, which has no nonce. The second: it returns a new refresh token.
    for (id_token, rotation) in [(true, true), (false, true), (false, false)] {
        let name = format!("ID Token: {id_token}, rotation: {rotation}");
        let world = World::start_refreshing(|settings| {
            settings.refresh_id_token = id_token;
            settings.rotate_refresh_tokens = rotation;
        });
        let world = world.await;
        let mut alice = world.signed_in("alice").await;
        for round in 1..=2 {
            world.advance(EXPIRED);
            let reread = alice.reread().await;
            assert_eq!(reread["status"], "active", "{name}: {reread}");
            assert_eq!(world.provider.refreshes(), round, "{name}");
        }
        assert_eq!(world.provider.reuse_alarms(), 0, "{name}");
    }
}

/// RT-06
///
/// An error response without a known code ends no session, because the refresh token may still be valid.
#[tokio::test]
async fn an_error_that_is_no_json_or_has_an_unknown_code_ends_no_session() {
    let world = World::start_at(&[("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "7h")], |_| ()).await;
    let answers = [
        Answer::new(503, "text/html", "<h1>maintenance</h1>"),
        Answer::new(502, "text/plain", ""),
        Answer::new(429, "application/json", "{}").with_header("retry-after", "1"),
        Answer::json(503, json!({"error": "made_up"})),
    ];
    let mut alice = world.signed_in("alice").await;
    for answer in answers {
        let name = format!("{answer:?}");
        world.advance(EXPIRED);
        world.inject(Fault::Answer(Endpoint::Token, answer));
        let reread = alice.reread().await;
        assert_eq!(reread["refusal"], "unavailable", "{name}: {reread}");
        assert_eq!(alice.session().await["status"], "active", "{name}");
        world.provider.heal();
        world.advance(Duration::from_mins(2));
        let reread = alice.reread().await;
        assert_eq!(reread["status"], "active", "{name}: {reread}");
    }
}

/// RT-05
///
/// The refresh token is no longer valid, and the provider says so with another code than `invalid_grant`.
#[tokio::test]
async fn a_refusal_for_good_ends_the_session_once_its_token_has_expired_in_whatever_words() {
    for answer in [
        Answer::json(400, json!({"error": "invalid_request"})),
        Answer::json(400, json!({"error": "token_inactive"})),
        Answer::json(403, json!({"error": "access_denied"})),
        Answer::new(400, "text/plain", ""),
    ] {
        let name = format!("{answer:?}");
        let world = World::start_refreshing(|_| ()).await;
        let mut alice = world.signed_in("alice").await;
        world.inject(Fault::Answer(Endpoint::Token, answer));
        world.advance(Duration::from_secs(59 * 60 + 10));
        assert_eq!(
            alice.reread().await["status"],
            "active",
            "the old access token is still valid: {name}"
        );
        assert_eq!(
            world.provider.calls_to(Endpoint::Token).len(),
            2,
            "a refresh was tried: {name}"
        );
        world.advance(Duration::from_mins(2));
        assert_eq!(alice.reread().await["refusal"], "session_ended", "{name}");
        assert_eq!(alice.session().await["reason"], "refresh_refused", "{name}");
        world.provider.heal();
        let landing = alice.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{name}");
    }
}

/// RT-06
#[tokio::test]
async fn a_provider_that_asks_for_patience_is_not_asked_before() {
    for status in [429, 503] {
        let world = World::start_refreshing(|_| ()).await;
        let mut alice = world.signed_in("alice").await;
        world.advance(EXPIRED);
        let busy = Answer::new(status, "text/plain", "busy").with_header("retry-after", "90");
        world.inject(Fault::Answer(Endpoint::Token, busy));
        assert_eq!(alice.reread().await["refusal"], "unavailable");
        world.provider.heal();
        world.advance(Duration::from_secs(89));
        assert_eq!(
            alice.reread().await["refusal"],
            "unavailable",
            "{status}: the provider asked for 90 seconds"
        );
        assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 2, "{status}");
        world.advance(Duration::from_secs(2));
        assert_eq!(alice.reread().await["status"], "active", "{status}");
    }
}

/// RT-04
#[tokio::test]
async fn a_person_who_signs_in_anew_for_another_application_keeps_the_session() {
    let world = World::start_refreshing(|_| ()).await;
    let mut alice = world.signed_in("alice").await;
    let later = (world.clock.now().unix_timestamp() + 1800).into();
    world.inject(Fault::IdTokenClaim("auth_time", later));
    for _ in 0..2 {
        world.advance(EXPIRED);
        let reread = alice.reread().await;
        assert_eq!(reread["status"], "active", "{reread}");
    }
    world.provider.heal();
    world.advance(EXPIRED);
    assert_eq!(
        alice.reread().await["status"],
        "active",
        "the auth_time of the sign-in here does not count as an earlier one"
    );
    assert_eq!(world.provider.refreshes(), 3);
}
