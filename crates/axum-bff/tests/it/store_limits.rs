//! A Redis that is full, takes no writes, or gives its user few rights. A session ends if Redis allows it, and is never
//! ended in part. If it cannot be ended, the answer is 503. `/readyz` reports each of these faults.

use crate::backchannel_logout::{form, logout, post};
use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;
use provider::LogoutTokenParts;
use serde_json::{Value, json};

/// Waits until `/readyz` reports this state of the store, and returns its status and body.
async fn readiness(world: &World, store: &str) -> (StatusCode, Value) {
    let mut found = (StatusCode::OK, Value::Null);
    world
        .until("/readyz reports the new state of the store", async || {
            let ready = world.browser().fetch("/readyz").await;
            found = (ready.status, ready.json());
            found.1["session_store"] == store
        })
        .await;
    found
}

/// From now on, Redis refuses every command that takes memory.
fn fill(world: &World) {
    world.redis.configure("maxmemory-policy", "noeviction");
    world.redis.configure("maxmemory", "1");
}

/// With `none`, Redis refuses every write from now on, as it does when it has lost its replicas or its disk. Without,
/// it takes writes again.
fn take_no_writes(world: &World, none: bool) {
    let replicas = if none { "1" } else { "0" };
    world.redis.configure("min-replicas-to-write", replicas);
}

async fn sign_out(browser: &mut Browser) -> StatusCode {
    browser.submit("/auth/logout").await.status
}

/// SES-07
#[tokio::test]
async fn a_full_redis_keeps_no_session_from_its_end() {
    let world = World::start().await;
    let (mut laptop, mut phone) = (world.signed_in("alice").await, world.signed_in("alice").await);
    let mut bob = world.signed_in("bob").await;
    let sid = world.provider.sids("alice").remove(0);
    // The mark that stops a login in progress exists before Redis is full. The next logout then overwrites it.
    let earlier = LogoutTokenParts::of_session(&sid).with("iat", time::OffsetDateTime::now_utc().unix_timestamp() - 60);
    assert_eq!(logout(&world, earlier).await.status, StatusCode::OK);
    fill(&world);
    let answer = logout(&world, LogoutTokenParts::of_session(&sid)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(laptop.session().await, json!({"status": "ended", "reason": "provider"}));
    let subject = world.provider.subject("alice");
    assert_eq!(
        logout(&world, LogoutTokenParts::of_subject(&subject)).await.status,
        StatusCode::OK
    );
    assert_eq!(phone.session().await["reason"], "provider");
    assert!(sign_out(&mut bob.clone()).await.as_u16() < 400);
    assert_eq!(bob.session().await["reason"], "signed_out");
    let retired = world.redis.keys().into_iter().filter(|key| key.ends_with(":retired"));
    assert_eq!(retired.count(), 2, "a login in progress is stopped too");
}

/// LO-20, SES-07
#[tokio::test]
async fn a_redis_that_takes_no_writes_ends_nothing_half_and_says_so_with_503() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    let token = form(&world.provider.logout_token(LogoutTokenParts::of_subject(&subject)));
    let before = world.redis.contents();
    take_no_writes(&world, true);
    let out = alice.submit("/auth/logout").await;
    assert_eq!(
        (out.status, out.set_cookies().len()),
        (StatusCode::SERVICE_UNAVAILABLE, 0)
    );
    let answer = post(&world, &token).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.redis.contents(), before, "Redis is unchanged");
    take_no_writes(&world, false);
    assert_eq!(
        post(&world, &token).await.status,
        StatusCode::OK,
        "the logout token can be used for another try"
    );
    assert_eq!(alice.session().await["reason"], "provider");
}

/// SES-07
///
/// A session ends although Redis refuses the record of the reason, or the notice of the end.
#[tokio::test]
async fn rights_that_an_end_can_do_without_leave_it_whole() {
    let world = World::start().await;
    let (mut alice, mut bob) = (world.signed_in("alice").await, world.signed_in("bob").await);
    world.redis.change_rights(&["resetchannels"]);
    world
        .until("the connections are back", async || {
            alice.session().await["status"] == "active"
        })
        .await;
    assert!(sign_out(&mut alice.clone()).await.as_u16() < 400);
    assert_eq!(alice.session().await["reason"], "signed_out");
    let (status, said) = readiness(&world, "ok").await;
    assert_eq!(
        (status, &said["session_events"]),
        (StatusCode::OK, &json!("unavailable"))
    );

    // Now the user may not write the reason either.
    world.redis.change_rights(&["-set"]);
    let out = bob.clone().submit("/auth/logout").await;
    assert!(out.status.as_u16() < 400 && out.set_cookies().len() == 2, "{out:?}");
    assert_eq!(
        bob.session().await["status"],
        "anonymous",
        "the session has ended, and no reason is recorded"
    );
}

/// SES-07
#[tokio::test]
async fn rights_that_an_end_cannot_do_without_leave_the_session_whole() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for rights in [
        &["-del"][..],
        &["-eval"],
        &["resetkeys", "%R~*", "~??????????????????????", "~{*}:tokens"],
    ] {
        let before = world.redis.contents();
        world.redis.change_rights(rights);
        let out = alice.submit("/auth/logout").await;
        assert_eq!(
            (out.status, out.set_cookies().len()),
            (StatusCode::SERVICE_UNAVAILABLE, 0),
            "{rights:?}"
        );
        world.redis.change_rights(&["+@all", "allkeys"]);
        assert_eq!(world.redis.contents(), before, "{rights:?}");
    }
    assert_eq!(alice.session().await["status"], "active");
}

/// SES-07
#[tokio::test]
async fn readyz_is_ready_only_where_a_session_could_be_begun_and_ended() {
    let world = World::start().await;
    let ready = |status, store: &'static str| {
        let world = &world;
        async move {
            let (found, said) = readiness(world, store).await;
            assert_eq!(found, status, "{said}");
        }
    };
    let before = world.redis.contents();
    ready(StatusCode::OK, "ok").await;
    fill(&world);
    ready(StatusCode::SERVICE_UNAVAILABLE, "unavailable").await;
    world.redis.configure("maxmemory", "0");
    ready(StatusCode::OK, "ok").await;
    take_no_writes(&world, true);
    ready(StatusCode::SERVICE_UNAVAILABLE, "unavailable").await;
    take_no_writes(&world, false);
    ready(StatusCode::OK, "ok").await;
    for right in ["set", "get", "del", "eval", "zadd", "zremrangebyscore", "expireat"] {
        world.redis.change_rights(&[&format!("-{right}")]);
        ready(StatusCode::SERVICE_UNAVAILABLE, "unavailable").await;
        world.redis.change_rights(&[&format!("+{right}")]);
        ready(StatusCode::OK, "ok").await;
    }
    world
        .redis
        .change_rights(&["resetkeys", "~{*}:*", "~??????????????????????"]);
    ready(StatusCode::SERVICE_UNAVAILABLE, "unavailable").await;
    world.redis.change_rights(&["allkeys"]);
    ready(StatusCode::OK, "ok").await;
    assert_eq!(world.redis.contents(), before, "nothing was written");
}

#[tokio::test]
async fn strangers_who_ask_for_readiness_cost_redis_one_question_a_second() {
    let world = World::start().await;
    let begun = std::time::Instant::now();
    let before = world.redis.calls_of("eval");
    for _ in 0..200 {
        world.browser().fetch("/readyz").await;
    }
    let asked = world.redis.calls_of("eval") - before;
    assert!((1..=begun.elapsed().as_secs() + 1).contains(&asked), "{asked}");
}
