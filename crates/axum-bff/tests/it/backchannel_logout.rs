//! The provider ends sessions with a logout token (OpenID Connect Back-Channel Logout 1.0).

mod desk;
mod request;
mod token;

use crate::browser::{Answer, Browser};
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault, LogoutTokenParts};
use serde_json::json;
use std::time::Duration;
use url::form_urlencoded;

pub(crate) const PATH: &str = "/auth/backchannel-logout";

/// Posts as the provider's server does: without a cookie and without the headers of a browser.
pub(crate) async fn post(world: &World, body: &str) -> Answer {
    world.browser().send(Method::POST, PATH, &[], body).await
}

pub(crate) async fn logout(world: &World, parts: LogoutTokenParts) -> Answer {
    post(world, &form(&world.provider.logout_token(parts))).await
}

pub(crate) fn form(token: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("logout_token", token)
        .finish()
}

/// LO-17, LO-20
#[tokio::test]
async fn sid_ends_one_session_and_sub_ends_all_of_the_person() {
    let world = World::start().await;
    let mut laptop = world.signed_in("alice").await;
    let mut phone = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    let sids = world.provider.sids("alice");
    let answer = logout(&world, LogoutTokenParts::of_session(&sids[0])).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (StatusCode::OK, "no-store"),
        "LO-20"
    );
    assert_eq!(laptop.session().await, json!({"status": "ended", "reason": "provider"}));
    assert_eq!(phone.session().await["status"], "active");
    let page = laptop.open("/profile").await;
    assert!(page.text().contains("session_ended_provider"));

    let subject = world.provider.subject("alice");
    world.advance(Duration::from_secs(1));
    assert_eq!(
        logout(&world, LogoutTokenParts::of_subject(&subject)).await.status,
        StatusCode::OK
    );
    assert_eq!(phone.session().await["reason"], "provider");
    assert_eq!(bob.session().await["status"], "active");
    let again = logout(&world, LogoutTokenParts::of_subject(&subject)).await;
    assert_eq!(
        again.status,
        StatusCode::OK,
        "LO-20: a logout without a session left is fine"
    );
}

/// LO-17
#[tokio::test]
async fn sid_and_sub_together_end_sessions_that_match_both() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    world.signed_in("bob").await;
    let bob = world.provider.subject("bob");
    let wrong = LogoutTokenParts::of_session(&sid).with("sub", bob);
    assert_eq!(logout(&world, wrong).await.status, StatusCode::OK);
    assert_eq!(
        alice.session().await["status"],
        "active",
        "the right sid with another sub ends none"
    );
    let subject = world.provider.subject("alice");
    let right = LogoutTokenParts::of_session(&sid).with("sub", subject);
    assert_eq!(logout(&world, right).await.status, StatusCode::OK);
    assert_eq!(alice.session().await["reason"], "provider");
}

/// LO-17
#[tokio::test]
async fn a_logout_counts_on_every_replica() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let mut elsewhere = alice.at(world.replica().await);
    assert_eq!(elsewhere.session().await["status"], "active");
    let sid = world.provider.sids("alice").remove(0);
    logout(&world, LogoutTokenParts::of_session(&sid)).await;
    assert_eq!(elsewhere.session().await["reason"], "provider");
}

/// Finishes a login while the provider ends its own session of that login. Gives the answer of the callback.
async fn overtaken(world: &World, browser: &mut Browser, callback: &str, both: bool) -> Answer {
    // The provider has its session before the callback is opened, so its `sid` is known here.
    let sid = world.provider.sids("alice").pop().expect("a session");
    world.provider.forget_calls();
    world.inject(Fault::Delay(Endpoint::Userinfo, Duration::from_millis(400)));
    let (mut tab, address) = (browser.clone(), callback.to_owned());
    let finishing = tokio::spawn(async move { (tab.open(&address).await, tab) });
    world
        .until("the login is under way", async || {
            !world.provider.calls_to(Endpoint::Userinfo).is_empty()
        })
        .await;
    let parts = LogoutTokenParts::of_session(&sid);
    let parts = if both {
        parts.with("sub", world.provider.subject("alice"))
    } else {
        parts
    };
    assert_eq!(logout(world, parts).await.status, StatusCode::OK);
    let (answer, tab) = finishing.await.expect("an answer");
    *browser = tab;
    assert!(!browser.cookies.contains_key("__Host-Http-session"));
    world.provider.heal();
    answer
}

/// LO-22
#[tokio::test]
async fn a_login_that_a_logout_overtakes_begins_anew_once() {
    for (both, is_patient) in [(false, true), (true, true), (false, false), (true, false)] {
        let world = World::start().await;
        let mut browser = world.browser();
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        let anew = overtaken(&world, &mut browser, &callback, both).await;
        let address = anew.location().expect("the provider's address");
        assert!(address.starts_with(world.provider.issuer()), "{anew:?}");
        world
            .until("its tokens are revoked", async || {
                !world.provider.calls_to(Endpoint::Revocation).is_empty()
            })
            .await;

        // The person signs in again, a second later: a login within the second of the logout would be overtaken too.
        world.advance(Duration::from_secs(1));
        let callback = world.provider.authorize(address, "alice").await.to_string();
        if is_patient {
            assert_eq!(browser.open(&callback).await.location(), Some("/profile"));
            assert_eq!(browser.session().await["status"], "active");
            continue;
        }
        let answer = overtaken(&world, &mut browser, &callback, both).await;
        let page = answer.location().expect("a page");
        assert!(
            page.starts_with("/sign-in-failed"),
            "a login begins anew once only: {answer:?}"
        );
        let page = browser.open(page).await;
        assert!(page.text().contains("login_overtaken_by_logout"));
    }
}

/// LO-23
#[tokio::test]
async fn tokens_are_revoked_unless_they_were_for_offline_access() {
    let world = World::start().await;
    world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    logout(&world, LogoutTokenParts::of_subject(&subject)).await;
    world
        .until("the access token is revoked", async || {
            world.provider.calls_to(Endpoint::Revocation).len() == 1
        })
        .await;

    let world = World::start_refreshing(|_| ()).await;
    world.signed_in("alice").await;
    let alices = world.provider.issued_secrets();
    let subject = world.provider.subject("alice");
    logout(&world, LogoutTokenParts::of_subject(&subject)).await;
    let mut bob = world.signed_in("bob").await;
    bob.submit("/auth/logout").await;
    let revoked = || -> Vec<String> {
        let calls = world.provider.calls_to(Endpoint::Revocation);
        let tokens = calls.iter().filter_map(|call| call.parameter("token"));
        tokens.map(str::to_owned).collect()
    };
    world
        .until("Bob's logout has revoked his tokens", async || {
            revoked().iter().filter(|token| !alices.contains(token)).count() == 2
        })
        .await;
    assert!(
        !revoked().iter().any(|token| alices.contains(token)),
        "Alice's tokens are for offline access"
    );
}

/// LO-17, LO-23
#[tokio::test]
async fn a_session_that_cannot_be_ended_keeps_none_of_the_others_from_its_end() {
    for spoilt in [0, 1] {
        let world = World::start().await;
        let tokens = || world.redis.keys().into_iter().filter(|key| key.ends_with(":tokens"));
        world.signed_in("alice").await;
        let first = tokens().next().expect("tokens");
        // Sessions are ended in the order of their limits, so the second session gets a later limit.
        world.advance(Duration::from_secs(10));
        world.signed_in("alice").await;
        let second = tokens().find(|key| *key != first).expect("tokens");
        let (away, other) = if spoilt == 0 { (first, second) } else { (second, first) };
        world.redis.delete(&away);
        world.redis.spoil(&away);
        let subject = world.provider.subject("alice");
        let answer = logout(&world, LogoutTokenParts::of_subject(&subject)).await;
        assert_eq!(
            answer.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "the provider is to send the token again"
        );
        assert!(!world.redis.keys().contains(&other), "the other session has ended");
        world
            .until("the token of the ended session is revoked", async || {
                world.provider.calls_to(Endpoint::Revocation).len() == 1
            })
            .await;
    }
}
