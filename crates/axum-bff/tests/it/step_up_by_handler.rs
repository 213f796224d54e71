//! A handler asks for a fresh authentication, and no rule of the access table does (AUTHZ-11).

use crate::address::parameter;
use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;
use std::time::Duration;

const PAGE: &str = "/vault?drawer=2";

async fn stale(world: &World) -> Browser {
    let browser = world.signed_in("alice").await;
    world.advance(Duration::from_secs(61));
    browser
}

/// The address of the login, and the one of the provider to which it leads.
async fn led(browser: &mut Browser, page: &str) -> (String, String) {
    let answer = browser.open(page).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let login = answer.location().expect("the login").to_owned();
    let start = browser.open(&login).await;
    (login, start.location().expect("the provider's address").to_owned())
}

/// AUTHZ-11
#[tokio::test]
async fn a_step_up_that_a_handler_asks_for_comes_back_to_the_handler() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let (login, address) = led(&mut browser, PAGE).await;
    assert!(
        login.starts_with("/auth/login?return_to=%2Fvault%3Fdrawer%3D2&step_up="),
        "{login}"
    );
    assert_eq!(parameter(&address, "max_age").as_deref(), Some("60"));
    assert_eq!(parameter(&address, "login_hint").as_deref(), Some("alice"));
    let callback = world.provider.authorize(&address, "alice").await;
    let landing = browser.open(callback.as_str()).await;
    assert_eq!(landing.location(), Some(PAGE));
    assert_eq!(browser.open(PAGE).await.text(), "the vault is open");
}

/// AUTHZ-11
#[tokio::test]
async fn a_demand_that_was_sealed_for_one_page_is_nothing_for_another_or_when_altered() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let (login, _) = led(&mut browser, PAGE).await;
    let sealed = login.split_once("&step_up=").expect("a demand").1.to_owned();
    let altered = format!(
        "{}{}",
        &sealed[..sealed.len() - 2],
        if sealed.ends_with("AA") { "BB" } else { "AA" }
    );
    for (page, demand, max_age) in [
        ("%2Fvault%3Fdrawer%3D2", sealed.as_str(), Some("60")),
        ("%2Fvault", &sealed, None),
        ("%2Fprofile", &sealed, None),
        ("%2Fvault%3Fdrawer%3D2", &altered, None),
        ("%2Fvault%3Fdrawer%3D2", "60", None),
    ] {
        let start = browser
            .open(&format!("/auth/login?return_to={page}&step_up={demand}"))
            .await;
        let address = start.location().expect("the provider's address");
        assert_eq!(parameter(address, "max_age").as_deref(), max_age, "{page} {demand}");
    }
}

/// AUTHZ-11
#[tokio::test]
async fn a_provider_that_proves_nothing_leads_to_a_page_and_not_round_in_a_circle() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let (_, address) = led(&mut browser, PAGE).await;
    world.inject(provider::Fault::IdTokenWithoutClaim("auth_time"));
    let callback = world.provider.authorize(&address, "alice").await;
    let landing = browser.open(callback.as_str()).await;
    let location = landing.location().unwrap_or_default();
    assert!(location.starts_with("/sign-in-failed?problem="), "{location}");
    assert_eq!(
        browser.session().await["status"],
        "active",
        "the session from before stays"
    );
}

/// AUTHZ-11
#[tokio::test]
async fn a_script_is_told_of_a_login_for_the_page_that_it_runs_on() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let referer = format!("{}/profile", crate::world::ORIGIN);
    let headers = [
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "same-origin"),
        ("referer", referer.as_str()),
    ];
    let told = browser.send(axum::http::Method::GET, "/vault", &headers, "").await;
    assert_eq!(told.json()["code"], "step_up_required");
    let login = told.json()["login"].as_str().expect("a login").to_owned();
    let start = browser.open(&login).await;
    let address = start.location().expect("the provider's address").to_owned();
    // A page of the table asks for 300 seconds only, which is not enough.
    assert_eq!(parameter(&address, "max_age").as_deref(), Some("60"));
    assert!(
        login.starts_with("/auth/login?return_to=%2Fprofile&step_up="),
        "{login}"
    );
}

/// AUTHZ-11, CB-03
#[tokio::test]
async fn a_login_that_begins_anew_has_the_provider_ask_as_the_handler_wanted() {
    let world = World::start().await;
    let mut browser = stale(&world).await;
    let (_, address) = led(&mut browser, "/vault?ask").await;
    assert_eq!(parameter(&address, "prompt").as_deref(), Some("login"));
    let callback = world.provider.authorize(&address, "alice").await;
    world.advance(Duration::from_secs(15 * 60 + 1));
    browser.cookies.remove("__Host-Http-session");
    let anew = browser.open(callback.as_str()).await;
    let address = anew.location().expect("the provider's address");
    assert!(address.starts_with(world.provider.issuer()), "{address}");
    assert_eq!(parameter(address, "prompt").as_deref(), Some("login"));
    assert_eq!(parameter(address, "max_age").as_deref(), Some("60"));
}
