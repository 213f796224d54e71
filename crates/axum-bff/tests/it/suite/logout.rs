//! Sign-outs of ours and of the provider's.
//!
//! The suite posts its logout token while the browser is at its end-session endpoint: our own session has ended then, and
//! the token is judged all the same.

use crate::address::parameter;
use crate::backchannel_logout::{form, post};
use crate::browser::{Answer, Browser};
use crate::frontchannel_logout::frame;
use crate::world::{ORIGIN, World};
use axum::http::StatusCode;
use provider::LogoutTokenParts;

/// Signs Alice in and out again, and gives the address at the provider.
async fn signed_out(world: &World) -> (Browser, String) {
    let mut browser = world.signed_in("alice").await;
    let out = browser.submit("/auth/logout").await;
    let address = out.leads_to().expect("a way on");
    (browser, address)
}

async fn lands(browser: &mut Browser, query: &str) {
    let landing = browser.open(&format!("/signed-out{query}")).await;
    assert_eq!(landing.status, StatusCode::OK);
    assert_eq!(browser.session().await["status"], "anonymous");
}

pub(super) async fn lands_with_the_state() {
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

pub(super) async fn lands_with_another_state() {
    let world = World::start().await;
    let (mut browser, address) = signed_out(&world).await;
    let state = parameter(&address, "state").expect("a state");
    lands(&mut browser, &format!("?state={state}_INVALID")).await;
}

pub(super) async fn lands_without_a_state() {
    let world = World::start().await;
    let (mut browser, _) = signed_out(&world).await;
    lands(&mut browser, "").await;
}

/// The provider's page loads our address in a frame; here the session has ended already.
pub(super) async fn frame_after_our_sign_out() {
    let world = World::start().await;
    signed_out(&world).await;
    let sid = world.provider.sids("alice").remove(0);
    for parameters in [&[("iss", world.provider.issuer()), ("sid", sid.as_str())][..], &[]] {
        assert_eq!(frame(&world, parameters).await.status, StatusCode::OK);
    }
}

pub(super) async fn frame_of_the_providers_sign_out() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let answer = frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(alice.session().await["status"], "ended");
}

/// What the suite sends: no `typ`, a claim and a parameter that mean nothing.
async fn told(world: &World, change: fn(LogoutTokenParts, &World) -> LogoutTokenParts) -> Answer {
    let sid = world.provider.sids("alice").remove(0);
    let subject = world.provider.subject("alice");
    let parts = LogoutTokenParts::of_subject(&subject)
        .with("sid", sid)
        .with("ignored_claim", "ignored")
        .typed(None);
    let token = world.provider.logout_token(change(parts, world));
    post(world, &format!("{}&ignored_parameter=ignored", form(&token))).await
}

/// The token is about a session that has ended; another one of the same person goes on.
pub(super) async fn token_is_answered(change: fn(LogoutTokenParts, &World) -> LogoutTokenParts, status: StatusCode) {
    let world = World::start().await;
    signed_out(&world).await;
    let mut again = world.signed_in("alice").await;
    let answer = told(&world, change).await;
    assert_eq!(answer.status, status);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(again.session().await["status"], "active");
}
