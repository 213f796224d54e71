//! Bound tokens at an API: its nonces, and its refusals (RFC 9449 §7, §9).

use super::orders;
use crate::api::{Api, CALL, Call, call, json};
use crate::fapi::jws;
use crate::world::{REFRESHING, World};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use provider::Dpop;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A world with this API, which takes bound tokens.
async fn world_of(api: &Api, further: &[(&str, &str)]) -> World {
    let url = api.served.url();
    let usual = [
        ("BFF_SCOPES", REFRESHING),
        ("BFF_SESSION_IDLE", "2h"),
        ("BFF_API_ORDERS", url.as_str()),
        ("BFF_API_ORDERS_DPOP", "on"),
    ];
    World::start_at(&[&usual[..], further].concat(), |settings| {
        settings.dpop = Dpop::Offered;
    })
    .await
}

/// The claims of the proof that came with a call.
fn claims(call: &Call) -> Value {
    let [_, claims] = jws(call.header("dpop"));
    claims
}

/// TOK-13
#[tokio::test]
async fn an_api_without_dpop_keeps_auto_from_binding() {
    for (takes, expected) in [("off", "Bearer "), ("on", "DPoP ")] {
        let api = Api::friendly().await;
        let world = world_of(&api, &[("BFF_API_ORDERS_DPOP", takes)]).await;
        let mut alice = world.signed_in("alice").await;
        assert_eq!(orders(&mut alice).await, StatusCode::OK);
        let sent = api.take().remove(0);
        assert!(sent.header("authorization").starts_with(expected), "{takes}");
        assert_eq!(sent.headers.contains_key("dpop"), takes == "on");
    }
}

fn challenge(nonce: &'static str) -> Response {
    // The scheme has unusual letter case, and another scheme stands before it.
    let headers = [
        ("www-authenticate", r#"Basic realm="x", dPoP error="use_dpop_nonce""#),
        ("dpop-nonce", nonce),
    ];
    (StatusCode::UNAUTHORIZED, headers).into_response()
}

/// PRX-07, PRX-11, fapi2-security-profile-final-client-test-rs-dpop-auth-scheme-case-insensitivity
///
/// `fapi2-security-profile-final-client-test-rs-dpop-auth-scheme-case-insensitivity`.
#[tokio::test]
async fn an_api_gets_its_nonce_once_and_no_more() {
    let count = Arc::new(AtomicUsize::new(0));
    let api = Api::start(
        move |call| match (call.target.as_str(), count.fetch_add(1, Ordering::SeqCst)) {
            ("/endless", _) => challenge("again"),
            (_, 0) => challenge("first"),
            _ => ([("dpop-nonce", "from-a-good-answer")], json("{}")).into_response(),
        },
    )
    .await;
    let world = world_of(&api, &[]).await;
    let mut alice = world.signed_in("alice").await;
    let nonces = |calls: Vec<Call>| -> Vec<Option<String>> {
        let nonce = |call: &Call| claims(call)["nonce"].as_str().map(str::to_owned);
        calls.iter().map(nonce).collect()
    };
    let answer = call(&mut alice, Method::PUT, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("dpop-nonce").is_empty(), "the browser gets no nonce");
    let calls = api.take();
    assert_eq!(
        calls[0].header("authorization"),
        calls[1].header("authorization"),
        "a demand for a nonce does not replace the token"
    );
    assert_eq!(nonces(calls), [None, Some("first".to_owned())]);
    let large = "x".repeat(64 * 1024 + 1);
    let answer = alice.send(Method::POST, "/api/orders/endless", &CALL, &large).await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    assert_eq!(
        nonces(api.take()),
        [Some("from-a-good-answer".to_owned())],
        "a body of more than 64 KiB is not replayed"
    );
    world.provider.forget_calls();
    world.advance(Duration::from_secs(11));
    let answer = call(&mut alice, Method::GET, "/api/orders/endless").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::BAD_GATEWAY, Some("upstream_unauthorized"))
    );
    assert_eq!(nonces(api.take()).len(), 2, "one retry");
    assert!(
        world.provider.calls().is_empty(),
        "a demand for a nonce renews no token"
    );
}

/// An API that refuses one call and takes the others. `refused` is the number of that call, from 0.
pub(crate) async fn refusing_call(refused: usize) -> Api {
    let count = Arc::new(AtomicUsize::new(0));
    Api::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        call if call == refused => (
            StatusCode::UNAUTHORIZED,
            [("www-authenticate", r#"DPoP error="invalid_token""#)],
        )
            .into_response(),
        _ => json("{}"),
    })
    .await
}

/// PRX-07
///
/// A 401 that refuses the token renews it, and the replay has a proof for the new token.
#[tokio::test]
async fn a_refused_bound_token_is_renewed_once() {
    let api = refusing_call(0).await;
    let world = world_of(&api, &[]).await;
    let mut alice = world.signed_in("alice").await;
    world.advance(Duration::from_secs(11));
    assert_eq!(orders(&mut alice).await, StatusCode::OK);
    let calls = api.take();
    let [first, second] = [0, 1].map(|at: usize| claims(&calls[at]));
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0].header("authorization"), calls[1].header("authorization"));
    assert_ne!(first["ath"], second["ath"]);
    assert_ne!(first["jti"], second["jti"]);
}
