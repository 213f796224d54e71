//! The testing kit, as the tests of an application use it.

use axum::http::{Method, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::access::{Rule, Table};
use axum_bff::error::Error;
use axum_bff::testing::{FETCH, FakeApi, TestBff, Tokens};
use axum_bff::{Account, ApplicationError, Bff, Builder, HookError, Refusal, Session, access};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const TABLE: Table = access! { "/" => Public, "/staff/{*rest}" => Role("staff"), api "orders" => Role("clerk") };

async fn total(session: Session) -> Result<Json<Value>, Error> {
    let orders = session.api("orders")?.post("/total").query("of", session.subject());
    Ok(Json(orders.send().await?.error_for_status()?.json().await?))
}

fn routes() -> Router {
    Router::new()
        .route("/", get(async || "home"))
        .route("/roles", get(async |session: Session| Json(session.roles().to_vec())))
        .route("/staff/list", get(async || "for staff"))
        .route("/total", get(total))
}

async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    Ok((builder.access(TABLE).build().await?, routes()))
}

#[tokio::test]
async fn a_fake_api_is_called_with_the_persons_token_and_shows_it_to_nobody_but_the_test() {
    let orders = FakeApi::start("orders", |call| Json(json!({"asked": call.target}))).await;
    let bff = TestBff::start_with(application, &orders.settings()).await;
    let claims = json!({"sub": "ada"});
    let mut ada = bff
        .signed_in_with(claims, &["clerk"], Tokens::new("canary-of-ada"))
        .await;
    let told = ada.fetch("/total").await;
    assert_eq!(told.json(), json!({"asked": "/total?of=ada"}));
    let relayed = [&FETCH[..], &[("x-csrf", "1")]].concat();
    let relayed = ada.send(Method::GET, "/api/orders/1", &relayed, "").await;
    assert_eq!(relayed.json(), json!({"asked": "/1"}));
    assert!(!format!("{orders:?} {told:?} {relayed:?} {bff:?}").contains("canary"));
    let calls = orders.take_calls();
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!(call.access_token(), Some("canary-of-ada"));
        assert_eq!(call.header("authorization"), "");
        assert!(!format!("{call:?}").contains("canary"), "{call:?}");
    }
    assert_eq!(
        (calls[0].method.clone(), calls[1].header("accept")),
        (Method::POST, "application/json")
    );
    assert!(orders.take_calls().is_empty(), "take_calls leaves no call behind");
}

#[tokio::test]
async fn an_api_that_refuses_and_a_token_that_expires_are_answered_as_with_a_provider() {
    let orders = FakeApi::start("orders", |_| StatusCode::UNAUTHORIZED).await;
    let bff = TestBff::start_with(application, &orders.settings()).await;
    let tokens = Tokens::new("token").expire_after(Duration::from_mins(10));
    let mut ada = bff.signed_in_with(json!({}), &[], tokens).await;
    assert_eq!(ada.fetch("/total").await.json()["code"], "upstream_unauthorized");
    orders.answer(|_| Json(7));
    assert_eq!(ada.fetch("/total").await.json(), 7);
    bff.clock().advance(Duration::from_mins(10));
    assert_eq!(ada.fetch("/total").await.json()["code"], "token_expired");
}

/// The access token of a call by code is no reason to open the API to every person with a session.
#[tokio::test]
async fn an_api_that_nobody_may_relay_is_called_by_code_alone() {
    const CLOSED: Table = access! { "/" => Public, api "orders" => Nobody };
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        Ok((builder.access(CLOSED).build().await?, routes()))
    };
    let orders = FakeApi::start("orders", |_| Json(7)).await;
    let bff = TestBff::start_with(application, &orders.settings()).await;
    let relayed = [&FETCH[..], &[("x-csrf", "1")]].concat();
    let tokens = Tokens::new("token");
    let mut ada = bff.signed_in_with(json!({}), &["clerk", "staff"], tokens).await;
    let refused = ada.send(Method::GET, "/api/orders/1", &relayed, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["code"], "forbidden");
    assert!(orders.take_calls().is_empty(), "the API was not called");
    assert_eq!(ada.fetch("/total").await.json(), 7);
}

#[tokio::test]
async fn the_rules_of_all_routes_are_listed() {
    let orders = FakeApi::start("orders", |_| ()).await;
    let bff = TestBff::start_with(application, &orders.settings()).await;
    assert_eq!(
        bff.rules(),
        [
            ("/", Rule::Public),
            ("/roles", Rule::SignedIn),
            ("/staff/list", Rule::Role("staff")),
            ("/total", Rule::SignedIn),
        ]
    );
}

#[tokio::test]
#[should_panic(expected = "/api/orders")]
async fn the_rules_are_not_listed_where_one_reaches_nothing() {
    let bff = TestBff::start(application).await;
    let _ = bff.rules();
}

#[tokio::test]
async fn hooks_hear_of_people_who_sign_in_are_refused_and_have_other_claims() {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let hear = heard.clone();
    let application = async move |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let builder = builder
            .on_sign_in(async |sign_in| match sign_in.subject() {
                "mallory" => Err(Refusal::new("closed").into()),
                _ => Ok(Account::new().role("member")),
            })
            .on_claims(async |update| match update.claims().get("closed") {
                Some(_) => Err(Refusal::new("closed").into()),
                None => Ok(update.account().role("staff")),
            })
            .on_event(move |event| {
                let (heard, who) = (hear.clone(), event.person.map(|person| person.subject));
                async move {
                    let text = format!("{} {}", event.kind.word(), who.unwrap_or_default());
                    heard.lock().expect("no panic").push(text);
                }
            });
        Ok((builder.access(TABLE).build().await?, routes()))
    };
    let orders = FakeApi::start("orders", |_| ()).await;
    let bff = TestBff::start_with(application, &orders.settings()).await;
    let refused = bff.sign_in(json!({"sub": "mallory"}), &[]).await;
    assert!(matches!(refused, Err(HookError::Refused(_))));
    let mut ada = bff.signed_in(json!({"sub": "ada"}), &["clerk"]).await;
    assert_eq!(ada.fetch("/roles").await.json(), json!(["clerk", "member"]));
    bff.tell_claims(&ada, json!({"sub": "ada"}))
        .await
        .expect("the hook accepts the claims");
    assert_eq!(ada.fetch("/staff/list").await.text(), "for staff");
    let ended = bff.tell_claims(&ada, json!({"sub": "ada", "closed": true})).await;
    assert!(ended.is_err());
    assert_eq!(ada.fetch("/roles").await.json()["code"], "session_ended_application");
    bff.events_heard().await;
    let heard = heard.lock().expect("no panic").clone();
    assert_eq!(
        heard,
        [
            "sign_in_refused mallory",
            "signed_in ada",
            "claims_changed ada",
            "ended ada"
        ]
    );
}
