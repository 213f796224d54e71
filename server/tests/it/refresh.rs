//! Renewing tokens: once for each expiry, and the session lives or ends as the provider says.

use crate::world::{EXPIRED, REFRESHING, World};
use provider::{Answer, Endpoint, Fault, SignatureFault};
use serde_json::json;
use std::time::Duration;

async fn world() -> World {
    World::start_refreshing(|_| ()).await
}

#[tokio::test]
async fn rt_01_rt_02_an_expired_token_is_renewed_once_and_the_session_goes_on() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    alice.reread().await;
    assert_eq!(world.provider.refreshes(), 0, "the token is good");
    for round in 1..4 {
        world.advance(EXPIRED);
        assert_eq!(alice.reread().await["status"], "active");
        assert_eq!(alice.reread().await["status"], "active");
        assert_eq!(
            world.provider.refreshes(),
            round,
            "one for each expiry, with the new refresh token"
        );
    }
    assert_eq!(world.provider.reuse_alarms(), 0);
    let refresh = &world.provider.calls_to(Endpoint::Token)[1];
    assert_eq!(refresh.parameter("grant_type"), Some("refresh_token"));
    assert_eq!(
        refresh.parameter("scope"),
        None,
        "no more than was granted is asked for"
    );
}

#[tokio::test]
async fn rt_02_without_rotation_the_refresh_token_is_kept() {
    let world = World::start_refreshing(|settings| settings.rotate_refresh_tokens = false).await;
    let mut alice = world.signed_in("alice").await;
    for round in 1..3 {
        world.advance(EXPIRED);
        assert_eq!(alice.reread().await["status"], "active");
        assert_eq!(world.provider.refreshes(), round);
    }
}

#[tokio::test]
async fn rt_03_many_requests_on_two_replicas_make_one_refresh() {
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

#[tokio::test]
async fn rt_04_an_answer_about_somebody_else_ends_the_session() {
    let faults = [
        Fault::IdTokenClaim("sub", "mallory".into()),
        Fault::IdTokenClaim("iss", "https://evil.example".into()),
        Fault::IdTokenClaim("aud", json!(["bff", "other"])),
        Fault::IdTokenClaim("auth_time", 1.into()),
        Fault::IdTokenClaim("nonce", "another".into()),
        Fault::IdTokenSignature(SignatureFault::None),
        Fault::IdTokenSignature(SignatureFault::FlippedBit),
    ];
    for fault in faults {
        let world = world().await;
        let mut alice = world.signed_in("alice").await;
        world.advance(EXPIRED);
        let name = format!("{fault:?}");
        world.inject(fault);
        assert_eq!(alice.reread().await["refusal"], "session_ended", "{name}");
        world.provider.heal();
        let state = alice.session().await;
        assert_eq!(state, json!({"status": "ended", "reason": "refresh_refused"}), "{name}");
        assert_eq!(
            world.provider.calls_to(Endpoint::Userinfo).len(),
            1,
            "no call with the new tokens: {name}"
        );
    }
}

#[tokio::test]
async fn rt_05_a_refusal_ends_the_session_with_a_reason() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.provider.revoke_grants("alice");
    world.advance(EXPIRED);
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    let page = alice.open("/profile").await;
    assert_eq!(page.status, 401);
    assert!(page.text().contains("The provider no longer renews your session"));
    assert!(
        page.text().contains("/auth/login?return_to=/profile"),
        "one click from where it was"
    );
    let data = alice.fetch("/profile").await.json();
    assert_eq!(
        (data["status"].clone(), data["code"].clone()),
        (401.into(), "session_ended_refresh_refused".into())
    );
    assert_eq!(alice.open("/").await.status, 200);
    let landing = alice.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"));
    assert_eq!(alice.session().await["status"], "active");
}

#[tokio::test]
async fn rt_06_a_provider_that_is_away_costs_neither_session_nor_refresh_token() {
    for answer in [
        Answer::new(503, "text/plain", "away"),
        Answer::new(429, "application/json", "{\"error\":\"slow_down\"}"),
        Answer::new(500, "text/html", "<h1>oops</h1>"),
        Answer::new(400, "application/json", "{\"error\":\"invalid_client\"}"),
    ] {
        let world = world().await;
        let mut alice = world.signed_in("alice").await;
        world.advance(EXPIRED);
        world.inject(Fault::Answer(Endpoint::Token, answer));
        for _ in 0..3 {
            assert_eq!(alice.reread().await["refusal"], "unavailable");
            assert_eq!(alice.session().await["status"], "active");
            assert_eq!(alice.open("/profile").await.status, 200);
        }
        let asked = world.provider.calls_to(Endpoint::Token).len() - 1;
        assert_eq!(asked, 1, "it is not asked again at once");
        world.provider.heal();
        world.advance(Duration::from_secs(2));
        assert_eq!(alice.reread().await["status"], "active", "with the same refresh token");
        assert_eq!(world.provider.reuse_alarms(), 0);
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_ends_in_a_sign_in_and_not_in_a_loop() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Cut(Endpoint::Token));
    assert_eq!(alice.reread().await["refusal"], "unavailable", "nobody knows yet");
    world.provider.heal();
    world.advance(Duration::from_secs(2));
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    assert_eq!(alice.session().await["reason"], "refresh_refused");
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 3);
}

#[tokio::test]
async fn ahead_of_the_expiry_a_refresh_that_fails_hurts_nobody() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_secs(59 * 60 + 10));
    world.inject(Fault::Answer(Endpoint::Token, Answer::new(503, "text/plain", "away")));
    assert_eq!(
        alice.reread().await["status"],
        "active",
        "the old token is good for another 50 seconds"
    );
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        2,
        "and a refresh was tried"
    );
    world.provider.heal();
    world.advance(Duration::from_secs(5));
    assert_eq!(alice.reread().await["status"], "active");
    assert_eq!(world.provider.refreshes(), 1);
}

#[tokio::test]
async fn rt_07_a_refresh_puts_off_no_limit() {
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

#[tokio::test]
async fn rt_08_a_refresh_that_ends_after_the_logout_brings_nothing_back() {
    let world = World::start_refreshing(|settings| settings.refresh_id_token = false).await;
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    // The provider has renewed, and its answer is on the way.
    world.inject(Fault::SlowBody(Endpoint::Token, Duration::from_millis(2)));
    let mut tab = alice.clone();
    let refreshing = tokio::spawn(async move { tab.reread().await });
    world
        .until("the provider has renewed", async || world.provider.refreshes() == 1)
        .await;
    let mut other_tab = alice.clone();
    assert_eq!(other_tab.submit("/auth/logout").await.status, 303);
    assert_eq!(refreshing.await.expect("an answer")["refusal"], "session_ended");
    let mut replayed = alice.clone();
    assert_eq!(
        replayed.session().await,
        json!({"status": "ended", "reason": "signed_out"})
    );
    assert_eq!(
        world.redis.keys().iter().filter(|key| key.ends_with(":tokens")).count(),
        0
    );
    world
        .until("the new tokens are revoked as well", async || {
            world.provider.calls_to(Endpoint::Revocation).len() == 4
        })
        .await;
}

#[tokio::test]
async fn ui_06_a_refused_token_is_renewed_at_most_once() {
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
        "a token as young as this is not refused for its age"
    );
    world.advance(Duration::from_mins(5));
    assert_eq!(alice.reread().await["refusal"], "sign_in_again");
    assert_eq!(
        (asked(), world.provider.refreshes()),
        (3, 1),
        "once more, with another one"
    );
    assert_eq!(alice.reread().await["refusal"], "sign_in_again");
    assert_eq!((asked(), world.provider.refreshes()), (4, 1), "and not again at once");
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
    assert!(closed.is_err(), "the page was closed while the provider thought");
    world
        .until("the provider has answered", async || world.provider.refreshes() == 1)
        .await;
    world.provider.heal();
    assert_eq!(alice.clone().reread().await["status"], "active");
    assert_eq!(
        (world.provider.refreshes(), world.provider.reuse_alarms()),
        (1, 0),
        "its answer was kept"
    );
}

#[tokio::test]
async fn what_the_provider_answered_waits_for_a_redis_that_is_away() {
    let mut world = world().await;
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Delay(Endpoint::Token, Duration::from_millis(300)));
    let mut tab = alice.clone();
    let refreshing = tokio::spawn(async move { tab.reread().await });
    world.until_refreshing().await;
    world.redis.kill();
    assert_eq!(refreshing.await.expect("an answer")["refusal"], "unavailable");
    world.provider.heal();
    world.redis.resume();
    world
        .until("the session has its new tokens", async || {
            world.advance(Duration::from_secs(1));
            alice.clone().reread().await["status"] == "active"
        })
        .await;
    assert_eq!(
        (world.provider.refreshes(), world.provider.reuse_alarms()),
        (1, 0),
        "the answer was not lost"
    );
}

#[tokio::test]
async fn a_refresh_that_broke_off_is_not_repeated_blindly() {
    let world = world().await;
    let mut alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    // A replica that dies in the middle leaves its note, and nobody to renew it.
    let dying = tokio::runtime::Runtime::new().expect("a runtime");
    world.inject(Fault::Hang(Endpoint::Token));
    let mut tab = alice.at(world.replica_on(&dying).await);
    dying.spawn(async move { tab.reread().await });
    world.until_refreshing().await;
    dying.shutdown_background();
    world.provider.heal();

    world.advance(Duration::from_secs(11));
    let first = tokio::spawn({
        let mut tab = alice.clone();
        async move { tab.reread().await }
    });
    world
        .until("somebody doubts that it lives", async || {
            world.redis.field(":refresh", "doubted").is_some()
        })
        .await;
    world.advance(Duration::from_secs(6));
    assert_eq!(first.await.expect("an answer")["refusal"], "session_ended");
    assert_eq!(alice.session().await["reason"], "refresh_interrupted");
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        2,
        "the refresh token was sent once"
    );
    let page = alice.open("/profile").await.text();
    assert!(page.contains("Your session could not be renewed"));
}
