//! The application's hook for a person who signs in (`on_sign_in`).

use crate::world::{EXPIRED, World, staff};
use axum::http::StatusCode;
use axum_bff::{Account, Refusal, SignIn};
use provider::{Endpoint, Fault};
use serde_json::json;
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn roles_of_the_hook_decide_a_rule_and_its_data_comes_back_typed() {
    let told = Arc::new(Mutex::new(None));
    let ear = told.clone();
    let world = World::start(|builder| {
        builder.on_sign_in(move |sign_in: SignIn| {
            *ear.lock().expect("no panic") = Some(sign_in);
            async { Ok(staff()) }
        })
    })
    .await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.open("/staff").await.status, StatusCode::OK);
    assert_eq!(
        alice.open("/me").await.json(),
        json!({"roles": ["admin", "editor", "staff"], "user": 7})
    );
    assert!(
        !alice.session().await.to_string().contains("\"user\""),
        "no page sees the data"
    );

    let told = told.lock().expect("no panic").take().expect("the hook was called");
    assert_eq!(told.identity().issuer, world.provider.issuer());
    assert_eq!(told.subject(), world.provider.subject("alice"));
    assert_eq!(told.roles(), ["admin", "editor"]);
    assert!(
        told.claims().contains_key("website"),
        "a claim that is not kept: {told:?}"
    );
    assert!(told.claims().contains_key("aud"), "a claim about the ID Token itself");
    assert!(!told.is_step_up());
}

#[tokio::test]
async fn roles_of_the_hook_take_the_place_of_those_of_the_claims_where_it_says_so() {
    let world = World::start(|builder| builder.on_sign_in(async |_| Ok(Account::new().only_roles(["staff"])))).await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.open("/me").await.json()["roles"], json!(["staff"]));
}

#[tokio::test]
async fn an_application_without_hooks_has_the_roles_of_the_claims_and_no_data() {
    let world = World::start(|builder| builder).await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(
        alice.open("/me").await.json(),
        json!({"roles": ["admin", "editor"], "user": null})
    );
    assert_eq!(alice.open("/staff").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn roles_of_the_hook_survive_a_refresh_and_a_reread_that_take_roles_away() {
    let world = World::start(|builder| builder.on_sign_in(async |_| Ok(staff()))).await;
    let mut alice = world.signed_in("alice").await;
    world.provider.inject(Fault::UserinfoClaim("roles", json!(["editor"])));
    world.provider.inject(Fault::IdTokenClaim("roles", json!(["editor"])));
    world.clock.advance(EXPIRED);
    assert_eq!(alice.open("/reread").await.text(), "reread");
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        2,
        "the tokens were refreshed"
    );
    assert_eq!(
        alice.open("/me").await.json(),
        json!({"roles": ["editor", "staff"], "user": 7})
    );
}

#[tokio::test]
async fn a_refusal_shows_its_words_and_leaves_no_session_and_no_tokens() {
    let refusal = Refusal::new("account_closed")
        .title("Your account is <closed>")
        .detail("Write to the office & wait.");
    let world = World::start(|builder| {
        builder.on_sign_in(move |_| {
            let refusal = refusal.clone();
            async move { Err(refusal.into()) }
        })
    })
    .await;
    let mut alice = world.browser();
    let (status, page) = world.failed(&mut alice, "alice").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("<h1>Your account is &lt;closed&gt;</h1>"), "{page}");
    assert!(page.contains("Write to the office &amp; wait."), "{page}");
    assert!(page.contains("account_closed"), "{page}");
    assert_eq!(alice.session().await["status"], "anonymous");
    world.until_revoked(2).await;
}

#[tokio::test]
async fn a_refused_step_up_leaves_the_session_of_the_browser_and_revokes_nothing() {
    let world = World::start(|builder| {
        builder.on_sign_in(|sign_in: SignIn| async move {
            if sign_in.is_step_up() {
                return Err(Refusal::new("not_now").into());
            }
            Ok(staff())
        })
    })
    .await;
    let mut alice = world.signed_in("alice").await;
    world.clock.advance(std::time::Duration::from_mins(2));
    let step_up = alice.open("/fresh").await;
    let start = alice.open(step_up.location().expect("the way to the sign-in")).await;
    let address = start.location().expect("the provider's address").to_owned();
    let callback = world.provider.authorize(&address, "alice").await;
    let refused = alice.open(callback.as_str()).await;
    let page = alice.open(refused.location().expect("a page")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text());
    assert_eq!(alice.session().await["status"], "active");
    world.bff.revocations.done().await;
    assert!(world.provider.calls_to(Endpoint::Revocation).is_empty());
}
