//! The plans of RP-initiated, front-channel and back-channel logout.
//!
//! The suite posts its logout token while the browser is at its end-session endpoint: our own session has ended then, and
//! the token is judged all the same.

use crate::backchannel_logout::{form, post};
use crate::browser::{Answer, Browser};
use crate::frontchannel_logout::frame;
use crate::world::{ORIGIN, World};
use axum::http::StatusCode;
use provider::{LogoutTokenParts, SignatureFault, SigningAlgorithm};
use serde_json::json;
use url::Url;

/// Signs Alice in and out again, and gives the address at the provider.
async fn signed_out(world: &World) -> (Browser, Url) {
    let mut browser = world.signed_in("alice").await;
    let out = browser.submit("/auth/logout").await;
    let address = Url::parse(&out.leads_to().expect("a way on")).expect("an address");
    (browser, address)
}

fn parameter(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

async fn lands(browser: &mut Browser, query: &str) {
    let landing = browser.open(&format!("/signed-out{query}")).await;
    assert_eq!(landing.status, StatusCode::OK);
    assert_eq!(browser.session().await["status"], "anonymous");
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout() {
    let world = World::start().await;
    let (mut browser, address) = signed_out(&world).await;
    let hint = parameter(&address, "id_token_hint").expect("a hint");
    assert!(
        world.provider.issued_secrets().contains(&hint),
        "one that was issued here"
    );
    let back = parameter(&address, "post_logout_redirect_uri").expect("an address");
    assert_eq!(back, format!("{ORIGIN}/signed-out"), "one that is registered");
    let state = parameter(&address, "state").expect("a state");
    lands(&mut browser, &format!("?state={state}")).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_other_state() {
    let world = World::start().await;
    let (mut browser, address) = signed_out(&world).await;
    let state = parameter(&address, "state").expect("a state");
    lands(&mut browser, &format!("?state={state}_INVALID")).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_no_state() {
    let world = World::start().await;
    let (mut browser, _) = signed_out(&world).await;
    lands(&mut browser, "").await;
}

/// The provider's page loads our address in a frame; here the session has ended already.
#[tokio::test]
async fn oidcc_client_test_rp_frontchannel_rpinitlogout() {
    let world = World::start().await;
    signed_out(&world).await;
    let sid = world.provider.sids("alice").remove(0);
    for parameters in [&[("iss", world.provider.issuer()), ("sid", sid.as_str())][..], &[]] {
        assert_eq!(frame(&world, parameters).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn oidcc_client_test_rp_frontchannel_opinitlogout() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let answer = frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "ended");
}

/// What the suite sends: no `typ`, a claim and a parameter that mean nothing.
async fn told(world: &World, change: impl FnOnce(LogoutTokenParts) -> LogoutTokenParts) -> Answer {
    let sid = world.provider.sids("alice").remove(0);
    let subject = world.provider.subject("alice");
    let parts = LogoutTokenParts::of_subject(&subject)
        .with("sid", sid)
        .with("ignored_claim", "ignored")
        .typed(None);
    let token = world.provider.logout_token(change(parts));
    post(world, &format!("{}&ignored_parameter=ignored", form(&token))).await
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout() {
    let world = World::start().await;
    signed_out(&world).await;
    let answer = told(&world, |parts| parts).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn refused(change: impl FnOnce(LogoutTokenParts) -> LogoutTokenParts) {
    let world = World::start().await;
    signed_out(&world).await;
    let mut again = world.signed_in("alice").await;
    let answer = told(&world, change).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(again.session().await["status"], "active");
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_alg_none() {
    refused(|parts| parts.signed(SignatureFault::None)).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_no_event() {
    refused(|parts| parts.without("events")).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_with_nonce() {
    refused(|parts| parts.with("nonce", "nonce")).await;
}

/// Signed well, with an algorithm that was not agreed on.
#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_wrong_alg() {
    refused(|parts| parts.signed(SignatureFault::OtherAlgorithm(SigningAlgorithm::RsaSsaPssSha256))).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_wrong_aud() {
    refused(|parts| parts.with("aud", "bffINVALID")).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_wrong_event() {
    refused(|parts| parts.with("events", json!({"http://schemas.openid.net/event/foobar": {}}))).await;
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout_wrong_iss() {
    let world = World::start().await;
    signed_out(&world).await;
    let issuer = format!("{}INVALID", world.provider.issuer());
    let answer = told(&world, |parts| parts.with("iss", issuer)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
