//! The log for a security review: each event leaves a line with a stable code, and text from outside makes no line of
//! its own.

use crate::backchannel_logout::{form, logout};
use crate::leaks::Log;
use crate::world::{EXPIRED, World};
use axum::http::Method;
use provider::{Answer, Endpoint, Fault, LogoutTokenParts};
use std::time::Duration;

/// SEC-06
///
/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn every_change_of_a_session_is_logged_with_a_code() {
    let (log, _guard) = Log::catch();
    let world = World::start_refreshing(|_| ()).await;
    let said = |code: &str| log.text().matches(&format!("code=\"{code}\"")).count();
    let mut alice = world.signed_in("alice").await;
    assert_eq!(said("signed_in"), 1);

    world.inject(Fault::IdTokenClaimSuffix("nonce", "1"));
    world.browser().sign_in(&world.provider, "bob", "/").await;
    world.provider.heal();
    assert_eq!((said("signed_in"), said("id_token_nonce")), (1, 1), "{}", log.text());

    let elsewhere = [("sec-fetch-site", "cross-site")];
    alice.send(Method::POST, "/auth/logout", &elsewhere, "").await;
    assert_eq!((said("cross_site"), said("session_ended")), (1, 0));
    alice.submit("/auth/logout").await;
    assert_eq!(said("session_ended"), 1);
    assert!(log.text().contains("why=\"signed_out\""));

    let mut bob = world.signed_in("bob").await;
    logout(&world, LogoutTokenParts::of_session("made up")).await;
    let refused = world
        .browser()
        .send(Method::POST, "/auth/backchannel-logout", &FORM, &form("x"))
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!((said("backchannel_logout"), said("token_malformed")), (1, 1));

    world.provider.revoke_grants("bob");
    world.advance(EXPIRED);
    bob.call("reread_claims", "").await;
    assert!(log.text().contains("a refresh failed"), "{}", log.text());
    assert_eq!(said("session_ended"), 2);
}

#[tokio::test(flavor = "current_thread")]
async fn a_refresh_or_a_reading_of_claims_that_fails_is_logged_with_status_and_code() {
    let (log, _guard) = Log::catch();
    let world = World::start_refreshing(|_| ()).await;
    let mut alice = world.signed_in("alice").await;
    let said = |line: &str, cause: &str| {
        let text = log.text();
        text.lines().any(|it| it.contains(line) && it.contains(cause))
    };
    let answer = Answer::new(500, "text/plain", "");
    world.inject(Fault::Answer(Endpoint::Userinfo, answer));
    alice.call("reread_claims", "").await;
    assert!(
        said("the claims were not read again", "the status is 500"),
        "{}",
        log.text()
    );
    world.provider.heal();
    for (answer, cause) in [
        (Answer::new(502, "text/html", "<html>"), "the status is 502"),
        (
            Answer::new(400, "application/json", "{\"error\":\"invalid_request\"}"),
            "status 400 and the error invalid_request",
        ),
    ] {
        world.advance(EXPIRED);
        world.inject(Fault::Answer(Endpoint::Token, answer));
        alice.call("reread_claims", "").await;
        assert!(said("a refresh failed", cause), "{cause}: {}", log.text());
        world.provider.heal();
        // The pause after a failed refresh is over then.
        world.advance(Duration::from_secs(2));
    }
}

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// SEC-06
#[tokio::test(flavor = "current_thread")]
async fn text_from_outside_makes_no_line_of_its_own() {
    let (log, _guard) = Log::catch();
    let world = World::start().await;
    let forged = "x\n2026-01-01T00:00:00Z  INFO code=\"forged\"\r\nforged";
    world.inject(Fault::AuthorizationError("access_denied", forged.to_owned()));
    let mut browser = world.browser();
    let landing = browser
        .sign_in(&world.provider, "alice", "/profile?q=%0d%0aforged")
        .await;
    browser.open(landing.location().expect("a location")).await;
    browser.open("/unknown%0d%0aforged?x=%0aforged").await;
    let headers = [
        ("user-agent", "forged\tforged"),
        ("referer", "https://app.example.com/forged"),
    ];
    browser.send(Method::GET, "/forged", &headers, "").await;
    let text = log.text();
    assert!(text.contains("access_denied"), "{text}");
    assert!(
        !text
            .lines()
            .any(|line| line.trim_start().starts_with("forged") || line.starts_with("2026-01-01")),
        "{text}"
    );
    assert!(!text.contains("code=\"forged\""), "{text}");
}
