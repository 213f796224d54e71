//! Pages whose rule requires a certain kind of authentication (`acr_values`), or requires that the provider prompts the
//! person in any case (`prompt=login`).

use crate::address::parameter;
use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;
use axum_bff::access::{Rule, Table};
use provider::{Endpoint, Fault};
use serde_json::{Value, json};
use std::time::Duration;

const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/sign-in-failed", Rule::Public),
    ("/profile", Rule::Acr(&["urn:example:mfa", "phr"])),
    ("/notes", Rule::Prompted(60)),
]);

/// A browser at an application with [`TABLE`].
async fn browser(world: &World) -> Browser {
    let strict = world.replica_with(|parts| parts.access = TABLE.access()).await;
    Browser::new(strict)
}

/// The value of this parameter of the authorization request.
async fn asked(browser: &mut Browser, return_to: &str, name: &str) -> Option<String> {
    let start = browser.open(&format!("/auth/login?return_to={return_to}")).await;
    parameter(start.location().expect("a location"), name)
}

/// AUTHZ-11
#[tokio::test]
async fn the_pages_rule_says_what_is_asked_and_no_caller_does() {
    let world = World::start().await;
    let mut browser = browser(&world).await;
    let acr = Some("urn:example:mfa phr".to_owned());
    assert_eq!(asked(&mut browser, "/profile", "acr_values").await, acr);
    assert_eq!(asked(&mut browser, "/profile&acr_values=low", "acr_values").await, acr);
    assert_eq!(asked(&mut browser, "/profile", "prompt").await, None);
    assert_eq!(asked(&mut browser, "/", "acr_values").await, None);
    assert_eq!(asked(&mut browser, "/notes", "prompt").await.as_deref(), Some("login"));
    assert_eq!(
        asked(&mut browser, "/notes&prompt=none", "prompt").await.as_deref(),
        Some("login")
    );
    assert_eq!(asked(&mut browser, "/notes", "max_age").await.as_deref(), Some("60"));
}

/// TOK-12, IDT-16
#[tokio::test]
async fn an_answer_of_another_way_is_refused_and_leads_into_no_loop() {
    let world = World::start().await;
    let mut browser = browser(&world).await;
    browser.sign_in(&world.provider, "alice", "/").await;
    for (name, acr) in [
        ("missing", Value::Null),
        ("lower", json!("low")),
        ("both", json!("urn:example:mfa phr")),
        ("another case", json!("URN:example:mfa")),
        ("a list", json!(["urn:example:mfa"])),
        ("a number", json!(2)),
    ] {
        let cookies = browser.cookies.clone();
        world.inject(Fault::IdTokenClaim("acr", acr));
        // The right `acr` in userinfo does not help, because only the ID Token counts.
        world.inject(Fault::UserinfoClaim("acr", json!("urn:example:mfa")));
        world.provider.forget_calls();
        let answer = browser.sign_in(&world.provider, "alice", "/profile").await;
        let page = browser.open(answer.location().expect("a location")).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{name}");
        assert!(
            page.text().contains("authentication_of_another_kind"),
            "{name}: {}",
            page.text()
        );
        assert!(world.provider.calls_to(Endpoint::Userinfo).is_empty(), "{name}: TOK-12");
        assert_eq!(browser.cookies, cookies, "{name}: REJ");
        assert_eq!(browser.session().await["status"], "active", "{name}");
        world.provider.heal();
    }
}

/// IDT-16
#[tokio::test]
async fn an_answer_of_a_wanted_way_opens_the_page_and_one_without_does_not() {
    let world = World::start().await;
    let mut browser = browser(&world).await;
    browser.sign_in(&world.provider, "alice", "/").await;
    let led = browser.open("/profile").await;
    assert_eq!(led.location(), Some("/auth/login?return_to=%2Fprofile"), "a step-up");
    let told = browser.fetch("/profile").await.json();
    assert_eq!(told["code"], "step_up_required");

    world.inject(Fault::IdTokenClaim("acr", json!("phr")));
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"));
    assert_eq!(browser.session().await["acr"], "phr");
    assert_eq!(browser.open("/profile").await.status, StatusCode::OK);
}

/// IDT-16
#[tokio::test]
async fn a_provider_that_does_not_prompt_is_found_out_by_its_auth_time() {
    let world = World::start().await;
    let mut browser = browser(&world).await;
    let before = time::OffsetDateTime::now_utc().unix_timestamp();
    world.advance(Duration::from_mins(5));
    world.inject(Fault::IdTokenClaim("auth_time", json!(before)));
    let answer = browser.sign_in(&world.provider, "alice", "/notes").await;
    let page = browser.open(answer.location().expect("a location")).await;
    assert!(page.text().contains("authentication_too_old"), "{}", page.text());
    assert_eq!(browser.session().await["status"], "anonymous");
}
