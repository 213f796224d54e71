//! The texts and links of the demonstration's pages after the end of a session or a failure.

use crate::browser::Browser;
use crate::world::{EXPIRED, REFRESHING, World};
use axum::http::StatusCode;
use provider::Fault;
use serde_json::json;
use std::time::Duration;
use url::form_urlencoded;

const PAGE: &str = "/notes/erase";

/// The text of the page to which a failing sign-in leads.
async fn failed(world: &World, browser: &mut Browser, page: &str) -> String {
    let answer = browser.sign_in(&world.provider, "alice", page).await;
    let address = answer.location().expect("a location").to_owned();
    browser.open(&address).await.text()
}

#[tokio::test]
async fn a_missing_role_is_named() {
    let world = World::start().await;
    let refused = world.signed_in("bob").await.open("/admin").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.text().contains("Missing: the role admin."),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn a_missing_claim_is_named_and_its_value_is_not() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    let text = bob.open("/orders").await.text();
    assert!(text.contains("This page needs something that is not known of you"));
    assert!(text.contains("Missing: an email address that is confirmed."), "{text}");
    let profile = bob.open("/profile").await.text();
    assert!(
        !profile.contains("href=\"/orders\""),
        "the header has no link to a page that refuses the person"
    );
    let mut alice = world.signed_in("alice").await;
    assert!(alice.open("/profile").await.text().contains("href=\"/orders\""));
}

#[tokio::test]
async fn the_reason_of_an_end_is_told_until_the_person_puts_it_away() {
    const IDLE: &str = "You were signed out after a while without activity";
    const LIMIT: &str = "You were signed out because your session was at its limit";
    const PROVIDER: &str = "You were signed out at the provider";
    for (words, after) in [(IDLE, 31), (LIMIT, 8 * 60), (PROVIDER, 0)] {
        let world = World::start().await;
        let mut alice = world.signed_in("alice").await;
        world.advance(Duration::from_mins(after));
        if after == 0 {
            let address = form_urlencoded::Serializer::new("/auth/frontchannel-logout?".to_owned())
                .append_pair("iss", world.provider.issuer())
                .append_pair("sid", &world.provider.sids("alice")[0])
                .finish();
            assert_eq!(world.browser().open(&address).await.status, StatusCode::OK);
            assert!(alice.open("/profile").await.text().contains(words));
        }
        let home = alice.open("/").await.text();
        assert!(home.contains(words), "{home}");
        assert!(home.contains("action=\"/auth/dismiss?return_to=/\""), "{home}");
        alice.submit("/auth/dismiss?return_to=/").await;
        assert!(!alice.open("/").await.text().contains(words));
    }
}

#[tokio::test]
async fn the_oldest_of_too_many_sessions_is_told_why_it_ended() {
    let world = World::start_with(&[("BFF_SESSIONS_EACH", "1")]).await;
    let mut oldest = world.signed_in("alice").await;
    world.advance(Duration::from_secs(1));
    world.signed_in("alice").await;
    let page = oldest.open("/profile").await.text();
    assert!(page.contains("You are signed in in too many places"), "{page}");
}

/// RT-05
#[tokio::test]
async fn a_refused_refresh_leads_back_to_where_the_person_was() {
    let world = World::start_with(&[("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "2h")]).await;
    let mut alice = world.signed_in("alice").await;
    world.provider.revoke_grants("alice");
    world.advance(EXPIRED);
    assert_eq!(alice.reread().await["refusal"], "session_ended");
    let page = alice.open("/profile").await.text();
    assert!(page.contains("The provider no longer renews your session"));
    assert!(
        page.contains("/auth/login?return_to=/profile"),
        "the page is one click away"
    );
}

/// IDT-13
#[tokio::test]
async fn the_page_says_that_it_is_the_clock() {
    let world = World::start().await;
    let ahead = world.replica_off(time::Duration::hours(3)).await;
    let text = failed(&world, &mut world.browser().at(ahead), "/profile").await;
    assert!(text.contains("The clocks do not agree"), "{text}");
}

/// IDT-16
#[tokio::test]
async fn the_page_of_a_step_up_that_is_not_proved_says_so_and_leads_into_no_loop() {
    for (fault, says) in [
        (
            Fault::IdTokenWithoutClaim("auth_time"),
            "The provider did not say when you signed in",
        ),
        (
            Fault::IdTokenClaim("auth_time", json!(0)),
            "The provider did not ask you to sign in again",
        ),
    ] {
        let world = World::start().await;
        let mut browser = world.signed_in("alice").await;
        world.inject(fault);
        let text = failed(&world, &mut browser, PAGE).await;
        assert!(text.contains(says), "{text}");
        assert!(!text.contains("/auth/login"), "{text}");
    }
}

/// AUTHZ-11
#[tokio::test]
async fn the_page_that_somebody_else_came_back_to_says_whose_session_goes_on() {
    for is_signed_out in [false, true] {
        let world = World::start().await;
        let mut browser = world.signed_in("alice").await;
        world.advance(Duration::from_secs(301));
        let callback = browser.callback_address(&world.provider, "bob", PAGE).await;
        if is_signed_out {
            browser.clone().submit("/auth/logout").await;
        }
        let answer = browser.open(&callback).await;
        let text = browser.open(answer.location().expect("a location")).await.text();
        assert!(text.contains("Somebody else signed in at the provider"), "{text}");
        let whose = if is_signed_out {
            "Nobody is signed in with this browser now."
        } else {
            "The session in this browser is that of Alice"
        };
        assert!(text.contains(whose) && !text.contains("Bob"), "{text}");
    }
}

/// LO-07
#[tokio::test]
async fn the_landing_of_a_sign_out_leads_to_a_sign_in() {
    let world = World::start().await;
    let landing = world.browser().open("/signed-out").await.text();
    assert!(landing.contains("/auth/login"), "{landing}");
}

#[tokio::test]
async fn the_profile_says_what_is_not_kept() {
    let world = World::start_with(&[
        ("BFF_CLAIMS", "name email_verified groups"),
        ("BFF_ROLES_CLAIM", "groups"),
    ])
    .await;
    let group = |number: usize| format!("a group of many words {number}");
    let groups: Vec<String> = (0..100).map(group).chain(["admin".to_owned()]).collect();
    world.inject(Fault::UserinfoClaim("groups", groups.into()));
    let page = world.signed_in("alice").await.open("/profile").await.text();
    let said = "Not kept in full, because it is too long: groups. 36 further roles are not kept.";
    assert!(page.contains(said), "{page}");
}

#[tokio::test]
async fn a_long_list_of_sessions_has_pages_without_javascript_too() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for _ in 0..60 {
        world.signed_in("alice").await;
    }
    let page = alice.open("/sessions").await.text();
    assert!(
        page.contains("href=\"/sessions?page=2\"") && page.contains("Page 1 of 2"),
        "{page}"
    );
    let page = alice.open("/sessions?page=2").await.text();
    assert!(page.contains("href=\"/sessions?page=1\""), "{page}");
}

/// The address to which the main button of an error page leads.
fn way_on(page: &str) -> &str {
    let (_, links) = page.split_once("<p class=\"actions\">").expect("links");
    let (_, address) = links.split_once("href=\"").expect("a link");
    address.split('"').next().expect("an address")
}

/// SES-07
#[tokio::test]
async fn a_failed_page_is_asked_for_once_more_as_it_was_and_leads_nowhere_else() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let callback = alice.callback_address(&world.provider, "alice", "/profile").await;
    world.redis.kill();
    let page = alice.open("/profile?filter=email").await.text();
    assert_eq!(way_on(&page), "/profile?filter=email");
    // A browser takes such an address for one of another host.
    for address in ["//other.example/", "//other.example/profile?a=b"] {
        let page = alice.open(address).await.text();
        assert_eq!(way_on(&page), "/", "{address}");
    }
    let form = alice.submit("/_fn/add_note").await;
    assert_eq!((form.status.as_u16(), way_on(&form.text())), (503, "/"));
    let out = alice.submit("/auth/logout").await;
    assert_eq!((out.status.as_u16(), way_on(&out.text())), (503, "/"));
    // The provider's answer is spent or lost, so the sign-in has to begin again.
    let answer = alice.open(&callback).await;
    let page = alice.open(answer.location().expect("a location")).await;
    assert_eq!(
        (page.status.as_u16(), way_on(&page.text())),
        (503, "/auth/login?return_to=/profile")
    );
}
