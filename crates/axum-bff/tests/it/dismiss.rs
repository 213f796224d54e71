//! A person dismisses the notice about the end of the session, and it does not come back.

use crate::backchannel_logout::logout;
use crate::browser::FETCH;
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::LogoutTokenParts;
use std::time::Duration;

const NAME: &str = "__Host-Http-session";

#[tokio::test]
async fn a_reason_that_was_read_is_not_told_again() {
    for reason in ["idle", "limit", "provider"] {
        let told = format!("\"reason\":\"{reason}\"");
        let world = World::start().await;
        let mut alice = world.signed_in("alice").await;
        match reason {
            "idle" => world.advance(Duration::from_mins(31)),
            "limit" => world.advance(Duration::from_hours(8)),
            _ => {
                let parts = LogoutTokenParts::of_subject(&world.provider.subject("alice"));
                logout(&world, parts).await;
            }
        }
        let cookie = alice.cookies[NAME].clone();
        assert_eq!(alice.session().await["reason"], reason);
        assert!(alice.open("/").await.text().contains(&told));
        let answer = alice.submit("/auth/dismiss?return_to=/%3Ffrom=notice").await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, Some("/?from=notice"))
        );
        assert!(
            answer.set_cookies().is_empty(),
            "the browser may have a newer cookie by then"
        );
        assert_eq!(alice.cookies[NAME], cookie);
        let mut elsewhere = alice.at(world.replica().await);
        for browser in [&mut alice, &mut elsewhere] {
            assert_eq!(browser.session().await["status"], "anonymous", "{reason}");
            assert!(!browser.open("/").await.text().contains(&told));
        }
        assert_eq!(
            alice.open("/profile").await.status,
            StatusCode::SEE_OTHER,
            "straight to the sign-in"
        );
        assert_eq!(
            alice.submit("/auth/dismiss").await.location(),
            Some("/"),
            "a second time is fine"
        );
        assert!(!world.redis.keys().iter().any(|key| key.ends_with(":ended")));
    }
}

/// RED-01
#[tokio::test]
async fn a_session_that_lives_is_left_alone() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let before = world.redis.keys();
    let answer = alice.send(Method::POST, "/auth/dismiss", &FETCH, "").await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(alice.session().await["status"], "active");
    assert_eq!(world.redis.keys(), before);
    let commands = world.redis.commands();
    let answer = world.browser().submit("/auth/dismiss?return_to=//evil.example").await;
    assert_eq!(answer.location(), Some("/"), "RED-01");
    assert_eq!(
        world.redis.commands(),
        commands,
        "invariant 7: a stranger costs no store command"
    );
}

/// SES-07
#[tokio::test]
async fn a_store_that_is_away_forgets_nothing() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    logout(&world, LogoutTokenParts::of_subject(&world.provider.subject("alice"))).await;
    world.redis.kill();
    assert_eq!(
        alice.submit("/auth/dismiss").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    world.redis.resume();
    world
        .until("the reason is still there", async || {
            alice.session().await["reason"] == "provider"
        })
        .await;
}
