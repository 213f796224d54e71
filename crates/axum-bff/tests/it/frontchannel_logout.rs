//! A frame on the provider's page ends a session (OpenID Connect Front-Channel Logout 1.0).

use crate::browser::Answer;
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::{Fault, LogoutTokenParts};
use serde_json::json;
use std::time::Duration;
use url::form_urlencoded;

use crate::backchannel_logout::logout;

/// A `sid` that no provider has issued, another one for each number.
fn made_up(number: usize) -> String {
    format!("made-up-{number}")
}

/// Loads the address as a frame on the provider's page does. That page is another site, so the browser sends no cookie.
pub(crate) async fn frame(world: &World, parameters: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    let headers = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-site", "cross-site"),
        ("accept", "text/html"),
    ];
    let address = format!("/auth/frontchannel-logout?{query}");
    world.browser().send(Method::GET, &address, &headers, "").await
}

/// LO-10
#[tokio::test]
async fn iss_and_sid_end_their_session_without_a_cookie() {
    let world = World::start().await;
    let mut laptop = world.signed_in("alice").await;
    let mut phone = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let answer = frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(laptop.session().await["reason"], "provider");
    assert_eq!(phone.session().await["status"], "active");
}

/// LO-10
#[tokio::test]
async fn anything_else_is_ignored() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let issuer = world.provider.issuer();
    let long = "s".repeat(100_000);
    for parameters in [
        &[][..],
        &[("iss", issuer)],
        &[("sid", &sid)],
        &[("iss", "https://evil.example"), ("sid", &sid)],
        &[("iss", issuer), ("sid", "unknown")],
        &[("iss", issuer), ("sid", "")],
        &[("iss", issuer), ("iss", issuer), ("sid", &sid)],
        &[("iss", issuer), ("sid", &sid), ("sid", &sid)],
    ] {
        assert_eq!(frame(&world, parameters).await.status, 200, "{parameters:?}");
        assert_eq!(alice.session().await["status"], "active", "{parameters:?}");
    }
    let _ = frame(&world, &[("iss", issuer), ("sid", &long[..60_000])]).await;
    assert_eq!(alice.session().await["status"], "active");
    let mut presents_its_cookie = alice.clone();
    presents_its_cookie.open("/auth/frontchannel-logout").await;
    assert_eq!(
        alice.session().await["status"],
        "active",
        "the cookie alone asks for no logout"
    );
}

/// LO-11
#[tokio::test]
async fn the_answer_may_be_framed_by_the_provider_and_nobody_else() {
    let world = World::start().await;
    world.signed_in("alice").await;
    let answer = frame(&world, &[]).await;
    let policy = answer.header("content-security-policy");
    let origin = world.provider.issuer();
    assert_eq!(policy, format!("default-src 'none'; frame-ancestors {origin}"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("x-frame-options"),
        "",
        "it would forbid the provider as well"
    );
    let other = world.browser().open("/").await;
    assert!(
        other
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert_eq!(other.header("x-frame-options"), "DENY");
}

#[tokio::test]
async fn a_logout_of_an_unknown_session_leaves_no_trace_in_the_store() {
    let world = World::start().await;
    world.signed_in("alice").await;
    let contents = world.redis.contents();
    let before = world.redis.commands();
    for number in 0..50 {
        let sid = made_up(number);
        let answer = frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(world.redis.commands() - before, 50, "one lookup each");
    assert_eq!(world.redis.contents(), contents, "nothing is written");
}

/// Only a logout token, which the provider has signed, stops a login that is under way.
#[tokio::test]
async fn a_sid_that_somebody_knows_keeps_nobody_from_signing_in() {
    let world = World::start().await;
    for is_signed in [false, true] {
        let mut browser = world.browser();
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        let sid = world.provider.sids("alice").pop().expect("a session");
        if is_signed {
            logout(&world, LogoutTokenParts::of_session(&sid)).await;
        } else {
            frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
        }
        browser.open(&callback).await;
        let status = browser.session().await["status"].clone();
        assert_eq!(status == json!("active"), !is_signed, "{status}");
    }
}

#[tokio::test]
async fn without_a_front_channel_of_the_provider_nobody_looks_into_the_store() {
    let promise = "frontchannel_logout_supported";
    let cases = [
        (Fault::MetadataMember(promise, json!(true)), "auto", true),
        (Fault::MetadataMember(promise, json!(true)), "off", false),
        (Fault::MetadataMember(promise, json!(false)), "auto", false),
        (Fault::MetadataWithoutMember(promise), "auto", false),
        (Fault::MetadataWithoutMember(promise), "on", true),
    ];
    for (fault, setting, listens) in cases {
        let world = World::start_with(&[("BFF_FRONTCHANNEL_LOGOUT", setting)]).await;
        world.inject(fault);
        let mut alice = world.signed_in("alice").await;
        let sid = world.provider.sids("alice").remove(0);
        let before = world.redis.commands();
        let answer = frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
        let (status, commands) = (answer.status, world.redis.commands() - before);
        let ended = alice.session().await["status"] == "ended";
        if listens {
            assert!((status, ended) == (StatusCode::OK, true), "{setting}: {status}");
        } else {
            assert_eq!(
                (status, commands, ended),
                (StatusCode::NOT_FOUND, 0, false),
                "{setting}"
            );
        }
    }
}

/// A replica that has just started has not read the provider's metadata yet. A logout counts there too.
#[tokio::test]
async fn before_the_metadata_are_read_a_frame_asks_the_provider_for_nothing() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let replica = world.replica().await;
    world.provider.forget_calls();
    for sid in ["made-up", &sid] {
        assert!(world.provider.calls().is_empty(), "before {sid}");
        let address = format!("/auth/frontchannel-logout?iss={}&sid={sid}", world.provider.issuer());
        let answer = world.browser().at(replica.clone()).open(&address).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(alice.session().await["reason"], "provider");
}

#[tokio::test]
async fn head_ends_nothing() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let issuer = world.provider.issuer();
    let address = format!("/auth/frontchannel-logout?iss={issuer}&sid={sid}");
    let before = world.redis.commands();
    let answer = world.browser().send(Method::HEAD, &address, &[], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET");
    assert_eq!(world.redis.commands(), before);
    assert_eq!(alice.session().await["status"], "active");
}

#[tokio::test]
async fn logouts_that_are_asked_for_too_often_are_refused_and_logged() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let issuer = world.provider.issuer().to_owned();
    let before = world.redis.commands();
    let mut refused = Vec::new();
    for number in 0..210 {
        let answer = frame(&world, &[("iss", &issuer), ("sid", &made_up(number))]).await;
        if answer.status != StatusCode::OK {
            refused.push(answer);
        }
    }
    assert_eq!(refused.len(), 10, "200 requests pass at once");
    for answer in refused {
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert_eq!(
        world.redis.commands() - before,
        200,
        "a refused request costs no store command"
    );
    world.advance(Duration::from_millis(20));
    frame(&world, &[("iss", &issuer), ("sid", &sid)]).await;
    assert_eq!(alice.session().await["reason"], "provider");
}

/// Many people may sign out at once, as in a school at the end of the day.
#[tokio::test]
async fn logouts_of_real_sessions_are_not_counted_as_a_strangers() {
    let world = World::start().await;
    world.signed_in("alice").await;
    let issuer = world.provider.issuer().to_owned();
    for number in 0..199 {
        frame(&world, &[("iss", &issuer), ("sid", &made_up(number))]).await;
    }
    for _ in 0..5 {
        let mut alice = world.signed_in("alice").await;
        let sid = world.provider.sids("alice").pop().expect("a session");
        let answer = frame(&world, &[("iss", &issuer), ("sid", &sid)]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(alice.session().await["reason"], "provider");
    }
}
