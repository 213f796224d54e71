//! The provider's page signs out in a frame (OpenID Connect Front-Channel Logout 1.0).

use crate::browser::Answer;
use crate::world::World;
use axum::http::Method;
use url::form_urlencoded;

/// Loads the address as a frame on the provider's page does: another site, so no cookie.
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

#[tokio::test]
async fn lo_10_iss_and_sid_end_their_session_without_a_cookie() {
    let world = World::start().await;
    let mut laptop = world.signed_in("alice").await;
    let mut phone = world.signed_in("alice").await;
    let sid = world.provider.sids("alice").remove(0);
    let answer = frame(&world, &[("iss", world.provider.issuer()), ("sid", &sid)]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(laptop.session().await["reason"], "provider");
    assert_eq!(phone.session().await["status"], "active");
}

#[tokio::test]
async fn lo_10_anything_else_is_ignored() {
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
        "the cookie alone is nobody's wish"
    );
}

#[tokio::test]
async fn lo_11_the_answer_may_be_framed_by_the_provider_and_nobody_else() {
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
