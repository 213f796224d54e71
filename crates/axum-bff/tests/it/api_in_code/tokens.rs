//! The calls that an API gets from code, and the tokens of these calls.

use super::{changed, routes, signed_in};
use crate::api::{Api, call, json, world};
use crate::browser::{Browser, FETCH};
use crate::world::{EXPIRED, REFRESHING};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use axum_bff::access::{Rule, Table};
use provider::{Dpop, Endpoint};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const OFFLINE: [(&str, &str); 2] = [("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "2h")];
/// An API that refuses a younger token does not refuse it for its age, so that token is not renewed.
const OLD_ENOUGH: Duration = Duration::from_secs(11);

/// PRX-03
#[tokio::test]
async fn code_calls_with_the_persons_token_and_nothing_of_the_browser() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = signed_in(&world, "alice").await;
    let from_the_browser = [&FETCH[..], &[("x-user", "canary"), ("accept-language", "canary")]].concat();
    let answer = browser
        .send(Method::GET, "/code/orders/a%20b", &from_the_browser, "")
        .await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "{}"));
    let changed = browser.send(Method::PUT, "/code/change", &FETCH, "hello").await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let relayed = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(relayed.status, StatusCode::OK);
    let [read, put, relayed] = &api.take()[..] else {
        panic!("three calls")
    };
    assert_eq!(read.target, "/orders/a%20b?lines=true&q=a+b%26c");
    assert!(read.header("authorization").starts_with("Bearer "));
    assert_eq!(
        read.header("authorization"),
        relayed.header("authorization"),
        "code and relay use one token"
    );
    assert_eq!(read.header("x-request-id"), answer.header("x-request-id"));
    let names: HashSet<&str> = read.headers.keys().map(axum::http::HeaderName::as_str).collect();
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "host",
        "traceparent",
        "x-request-id",
    ];
    assert_eq!(names, HashSet::from(expected), "{:?}", read.headers);
    assert_eq!(
        (&put.method, &put.body[..]),
        (&Method::PUT, &b"{\"note\":\"hello\"}"[..])
    );
    assert_eq!(put.header("content-type"), "application/json");
    assert_eq!(put.header("if-match"), "\"1\"");
}

/// RT-02
#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all_calls_of_code_and_relay() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &OFFLINE).await;
    let browser = signed_in(&world, "alice").await;
    world.advance(EXPIRED);
    world.provider.forget_calls();
    let (mut one, mut other, mut third) = (browser.clone(), browser.clone(), browser);
    let (one, other, third) = tokio::join!(
        one.fetch("/code/many"),
        other.fetch("/code/many"),
        call(&mut third, Method::GET, "/api/orders/1")
    );
    assert_eq!((one.text().as_str(), other.text().as_str()), ("5", "5"));
    assert_eq!(third.status, StatusCode::OK);
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 1);
    let calls = api.take();
    let tokens: HashSet<&str> = calls.iter().map(|call| call.header("authorization")).collect();
    assert_eq!((calls.len(), tokens.len()), (11, 1));
}

/// PRX-07
#[tokio::test]
async fn one_401_is_answered_with_another_token_and_two_are_502() {
    let count = Arc::new(AtomicUsize::new(0));
    let api = Api::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 2 | 3 => StatusCode::UNAUTHORIZED.into_response(),
        _ => json("{\"fine\":true}"),
    })
    .await;
    let world = world(&api.served.url(), &OFFLINE).await;
    let mut browser = signed_in(&world, "alice").await;
    world.advance(OLD_ENOUGH);
    let healed = browser.send(Method::PUT, "/code/change", &FETCH, "hello").await;
    assert_eq!(
        (healed.status, healed.text().as_str()),
        (StatusCode::OK, "{\"fine\":true}")
    );
    let [first, second] = &api.take()[..] else {
        panic!("two calls")
    };
    assert_eq!((&first.method, &first.body), (&second.method, &second.body));
    assert_ne!(first.header("authorization"), second.header("authorization"));
    world.advance(OLD_ENOUGH);
    let refused = browser.fetch("/code/orders/1").await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (StatusCode::BAD_GATEWAY, Some("upstream_unauthorized"))
    );
    assert_eq!(api.take().len(), 2);
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn a_token_that_has_expired_for_good_is_a_problem_that_leads_to_a_sign_in() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_SESSION_IDLE", "8h")]).await;
    let mut browser = signed_in(&world, "alice").await;
    world.advance(Duration::from_hours(2));
    let told = browser.fetch("/code/orders/1").await;
    assert_eq!(
        (told.status, told.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("token_expired"))
    );
    let page = browser.open("/code/orders/1").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text().contains("token_expired"), "{}", page.text());
    assert!(api.calls().is_empty());
}

/// TOK-13, PRX-11
#[tokio::test]
async fn code_proves_the_key_that_the_token_is_bound_to() {
    let world = crate::dpop::world(Dpop::Required, true, &[("BFF_DPOP", "required")]).await;
    let mut browser = signed_in(&world, "alice").await;
    for _ in 0..2 {
        let answer = browser.fetch("/code/orders").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let calls = world.provider.calls_to(Endpoint::Resource);
    assert_eq!(calls.len(), 3, "one more for the first nonce");
    let last = calls.last().expect("a call");
    let (_, claims) = last.dpop_proof().expect("a proof");
    assert_eq!(claims["htu"], format!("{}/resource/orders", world.provider.issuer()));
    assert_eq!(claims["htm"], "GET");
    let refused = browser.fetch("/code/exposed").await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, Some("internal"))
    );
}

#[tokio::test]
async fn the_exposed_token_is_the_one_that_the_api_gets_renewed_if_it_is_due() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &OFFLINE).await;
    let mut browser = signed_in(&world, "alice").await;
    let early = browser.fetch("/code/exposed").await.text();
    world.advance(EXPIRED);
    let late = browser.fetch("/code/exposed").await.text();
    assert_ne!(early, late);
    browser.fetch("/code/orders/1").await;
    assert_eq!(api.take()[0].header("authorization"), format!("Bearer {late}"));
}

/// The rule is for calls of a browser to the relay. For code, the handler has decided already.
#[tokio::test]
async fn the_rule_of_a_relayed_api_does_not_stop_code() {
    const TABLE: Table = Table::new(&[("/api/orders", Rule::Role("admin"))]);
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_METHODS", "POST")]).await;
    let mut bob = changed(&world, "bob", |parts| parts.access = TABLE.access()).await;
    assert_eq!(
        call(&mut bob, Method::POST, "/api/orders/1").await.status,
        StatusCode::FORBIDDEN
    );
    assert!(api.calls().is_empty());
    assert_eq!(bob.fetch("/code/orders/1").await.status, StatusCode::OK);
    assert_eq!(api.take().len(), 1, "the setting of methods does not stop code either");
}

#[tokio::test]
async fn code_that_names_no_api_of_the_settings_fails_and_the_person_is_told_that() {
    let world = world("http://127.0.0.1:9", &[]).await;
    let mut browser = signed_in(&world, "alice").await;
    let told = browser.fetch("/code/unknown").await;
    assert_eq!(
        (told.status, told.json()["code"].as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, Some("api_unknown"))
    );
    assert!(!told.text().contains("orders"), "{}", told.text());
}

const PUBLIC: Table = Table::new(&[("/code/stock", Rule::Public), ("/code/anybody", Rule::Public)]);

#[tokio::test]
async fn an_api_with_the_clients_own_token_or_with_none_needs_no_session() {
    for (token, asked) in [("client", 1), ("none", 0)] {
        let api = Api::friendly().await;
        let stock = [
            ("BFF_API_STOCK", api.served.url()),
            ("BFF_API_STOCK_TOKEN", token.to_owned()),
        ];
        let stock: Vec<(&str, &str)> = stock.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let world = world(&api.served.url(), &stock).await;
        let router = world
            .replica_routing(routes, |parts| parts.access = PUBLIC.access())
            .await;
        for _ in 0..2 {
            let answer = Browser::new(router.clone()).fetch("/code/stock").await;
            assert_eq!(
                (answer.status, answer.text().as_str()),
                (StatusCode::OK, "{}"),
                "{token}"
            );
        }
        assert_eq!(world.provider.calls_to(Endpoint::Token).len(), asked, "{token}");
        let calls = api.take();
        assert_eq!((calls.len(), calls[0].target.as_str()), (2, "/left"));
        let bearers = calls
            .iter()
            .filter(|call| call.header("authorization").starts_with("Bearer "));
        assert_eq!(bearers.count(), 2 * asked, "{token}");
    }
}

#[tokio::test]
async fn an_api_with_the_persons_token_is_not_called_where_nobody_is_signed_in() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_API_STOCK", &api.served.url())]).await;
    let router = world
        .replica_routing(routes, |parts| parts.access = PUBLIC.access())
        .await;
    let mut nobody = Browser::new(router.clone());
    assert_eq!(nobody.fetch("/code/anybody").await.text(), "nobody");
    assert_eq!(nobody.fetch("/code/orders/1").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        nobody.fetch("/code/stock").await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert!(api.calls().is_empty());
    let mut alice = world.signed_in("alice").await.at(router);
    assert_eq!(alice.fetch("/code/anybody").await.text(), "{}");
}
