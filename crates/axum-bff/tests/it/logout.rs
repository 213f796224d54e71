//! Signing out: here first, then at the provider.

use crate::address::parameters;
use crate::world::{ORIGIN, World};
use axum::http::StatusCode;
use provider::{Endpoint, Fault};

/// LO-05
#[tokio::test]
async fn the_provider_is_told_whose_session_ended() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let out = browser.submit("/auth/logout").await;
    assert_eq!(
        (out.status, out.header("referrer-policy")),
        (StatusCode::OK, "no-referrer")
    );
    let address = out.leads_to().expect("an address that it leads to");
    let end_session = format!("{}{}?", world.provider.issuer(), Endpoint::EndSession.path());
    assert!(address.starts_with(&end_session), "{address}");
    let sent = parameters(&address);
    assert_eq!(sent["post_logout_redirect_uri"], format!("{ORIGIN}/signed-out"));
    assert_eq!(sent["client_id"], "bff");
    assert!(
        world.provider.issued_secrets().contains(&sent["id_token_hint"]),
        "the hint is an issued ID Token, unchanged"
    );
    assert!(sent["state"].len() >= 22);
}

/// CB-14, LO-02, LO-04, LO-08
#[tokio::test]
async fn the_session_is_dead_everywhere_before_the_provider_is_asked() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let mut copy = browser.at(world.replica().await);
    assert_eq!(copy.session().await["status"], "active");
    let out = browser.submit("/auth/logout").await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    let [cookie, login] = &out.set_cookies()[..] else {
        panic!("two cookies")
    };
    assert!(
        login.starts_with("__Host-Http-login="),
        "CB-14: a sign-out resets the count of logins in a row"
    );
    assert_eq!(
        cookie,
        "__Host-Http-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
    );
    assert_eq!(
        copy.session().await,
        serde_json::json!({"status": "ended", "reason": "signed_out"}),
        "LO-08: a copied cookie is worthless"
    );
    assert_eq!(copy.fetch("/profile").await.status, StatusCode::UNAUTHORIZED);
}

/// LO-09
#[tokio::test]
async fn signing_out_twice_or_without_a_session_is_fine() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let mut other_tab = browser.clone();
    browser.submit("/auth/logout").await;
    for mut browser in [other_tab.clone(), browser, world.browser()] {
        let out = browser.submit("/auth/logout").await;
        assert_eq!(
            (out.status, out.location()),
            (StatusCode::SEE_OTHER, Some("/signed-out"))
        );
    }
    assert_eq!(other_tab.session().await["status"], "ended");
}

/// LO-06
#[tokio::test]
async fn a_provider_without_an_end_session_endpoint_is_signed_out_of_here_only() {
    let world = World::start().await;
    world.inject(Fault::MetadataWithoutMember("end_session_endpoint"));
    let mut browser = world.signed_in("alice").await;
    let out = browser.submit("/auth/logout").await;
    assert_eq!(out.location(), Some("/signed-out?provider=none"));
    assert_eq!(browser.open("/signed-out?provider=none").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_hint_that_is_too_long_for_an_address_is_left_out() {
    let world = World::start().await;
    world.inject(Fault::IdTokenClaim("groups", "g".repeat(3000).into()));
    let mut browser = world.signed_in("alice").await;
    let out = browser.submit("/auth/logout").await;
    let address = out.leads_to().expect("an address that it leads to");
    assert!(address.len() < 2048 && !address.contains("id_token_hint") && address.contains("client_id=bff"));
}

/// LO-07
#[tokio::test]
async fn the_landing_needs_no_state() {
    let world = World::start().await;
    for path in [
        "/signed-out",
        "/signed-out?state=altered",
        "/signed-out?state=%00&state=x",
    ] {
        let landing = world.browser().open(path).await;
        assert_eq!(landing.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_logout_leaves_nothing_in_redis_but_why() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let kept = || -> Vec<String> {
        // The key `:held` stays for a minute: it keeps the last session of this browser, and does not name the person.
        let keys = world
            .redis
            .keys()
            .into_iter()
            .filter(|key| !key.starts_with("spent:") && !key.ends_with(":held"));
        keys.map(|key| key.rsplit(':').next().unwrap_or_default().to_owned())
            .collect()
    };
    let before = kept();
    assert_eq!(
        before.len(),
        5,
        "session, tokens, the index by person and by provider session, the list of all: {before:?}"
    );
    browser.submit("/auth/logout").await;
    assert_eq!(kept(), ["ended"]);
}

#[tokio::test]
async fn a_browser_that_closes_during_a_sign_out_leaves_no_token_unrevoked() {
    let world = World::start_refreshing(|_| ()).await;
    let alice = world.signed_in("alice").await;
    // This replica first has to read the metadata, which have the provider's end session endpoint.
    let mut tab = alice.at(world.replica().await);
    world.provider.forget_calls();
    world.inject(Fault::Hang(Endpoint::Metadata));
    let closing = tokio::spawn(async move { tab.submit("/auth/logout").await });
    world
        .until("the provider is asked", async || {
            !world.provider.calls_to(Endpoint::Metadata).is_empty()
        })
        .await;
    closing.abort();
    assert!(closing.await.expect_err("it was closed").is_cancelled());
    assert_eq!(alice.clone().session().await["reason"], "signed_out");
    world.provider.heal();
    world
        .until("both tokens are revoked", async || {
            world.provider.calls_to(Endpoint::Revocation).len() == 2
        })
        .await;
}
