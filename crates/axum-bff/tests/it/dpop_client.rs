//! TOK-13, PRX-11: an API that is called with the client's own token (RFC 6749 §4.4), which is bound to a key of the
//! process.

use crate::api::{Api, call, json};
use crate::browser::Browser;
use crate::dpop::api::refusing_call;
use crate::world::World;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use provider::{Answer, Call, Dpop, Endpoint, Fault};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Duration;

/// A world with further settings, whose API `audit` is at this address and gets the client's own token, which is bound.
async fn world_of(url: &str, further: &[(&str, &str)], shape: impl FnOnce(&mut provider::Settings)) -> World {
    let usual = [
        ("BFF_SESSION_IDLE", "8h"),
        ("BFF_API_AUDIT", url),
        ("BFF_API_AUDIT_TOKEN", "client"),
        ("BFF_API_AUDIT_SCOPE", "audit"),
        ("BFF_API_AUDIT_DPOP", "on"),
    ];
    World::start_at(&[&usual[..], further].concat(), shape).await
}

/// A world with the provider's own API, which checks every proof exactly. `audit` is this API in the client's name, and
/// `orders` is this API in the person's name.
async fn world(nonces: bool, further: &[(&str, &str)]) -> World {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = free.local_addr().expect("an address");
    drop(free);
    let resource = format!("http://{listen}/resource");
    let person = [("BFF_API_ORDERS", &*resource), ("BFF_API_ORDERS_DPOP", "on")];
    world_of(&resource, &[&person[..], further].concat(), |it| {
        it.listen = listen;
        it.dpop = Dpop::Required;
        it.dpop_nonces = nonces;
    })
    .await
}

/// The caller as the API of this name sees it.
async fn whoami(browser: &mut Browser, api: &str) -> Value {
    let answer = call(browser, Method::GET, &format!("/api/{api}/whoami")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn audit(browser: &mut Browser) -> (StatusCode, Option<String>) {
    let answer = call(browser, Method::GET, "/api/audit/1").await;
    let code = (answer.status != StatusCode::OK).then(|| answer.json()["code"].as_str().map(str::to_owned));
    (answer.status, code.flatten())
}

/// The token requests in the client's own name, with their proofs.
fn own_requests(world: &World) -> Vec<Call> {
    let mut calls = world.provider.calls_to(Endpoint::Token);
    calls.retain(|call| call.parameter("grant_type") == Some("client_credentials"));
    calls
}

fn key(call: &Call) -> String {
    call.dpop_proof().expect("a proof").0["jwk"].to_string()
}

/// TOK-13, PRX-11
#[tokio::test]
async fn the_clients_own_token_is_bound_to_a_key_of_its_own() {
    for nonces in [false, true] {
        let world = world(nonces, &[("BFF_DPOP", "required")]).await;
        let (mut alice, mut bob) = (world.signed_in("alice").await, world.signed_in("bob").await);
        for browser in [&mut alice, &mut bob] {
            let caller = whoami(browser, "audit").await;
            assert_eq!((&caller["sub"], &caller["scope"]), (&Value::Null, &"audit".into()));
            assert!(
                whoami(browser, "orders").await["sub"].is_string(),
                "in the person's name"
            );
        }
        let requests = own_requests(&world);
        assert!(
            (1..=2).contains(&requests.len()),
            "one token for everybody: {requests:?}"
        );
        let calls = world.provider.calls_to(Endpoint::Resource);
        let of_the_client = key(&requests[0]);
        let mut tokens = BTreeSet::new();
        for call in calls.iter().filter(|call| key(call) == of_the_client) {
            assert!(call.header("authorization").is_some_and(|it| it.starts_with("DPoP ")));
            tokens.insert(call.header("authorization"));
        }
        assert_eq!(tokens.len(), 1, "nonces: {nonces}");
        let keys: BTreeSet<_> = calls.iter().map(key).collect();
        assert_eq!(keys.len(), 3, "the client's, Alice's and Bob's");
        // Another process has another key, and requests a token of its own.
        let mut elsewhere = alice.at(world.replica().await);
        whoami(&mut elsewhere, "audit").await;
        let last = own_requests(&world).pop().expect("a request");
        assert!(!keys.contains(&key(&last)));
    }
}

/// PRX-07
///
/// A 401 that refuses the token, or the token's expiry, leads to another token. The key stays, and the proof is new.
#[tokio::test]
async fn a_refused_or_expired_token_of_the_clients_own_is_renewed_once() {
    let api = refusing_call(1).await;
    let world = world_of(&api.served.url(), &[], |it| it.dpop = Dpop::Offered).await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(audit(&mut alice).await.0, StatusCode::OK);
    api.take();
    world.advance(Duration::from_secs(11));
    assert_eq!(audit(&mut alice).await.0, StatusCode::OK);
    world.advance(Duration::from_mins(61));
    assert_eq!(audit(&mut alice).await.0, StatusCode::OK);
    let calls = api.take();
    let proofs: Vec<[Value; 2]> = calls.iter().map(|call| crate::fapi::jws(call.header("dpop"))).collect();
    assert_eq!(proofs.len(), 3);
    for name in ["ath", "jti"] {
        let said: BTreeSet<_> = proofs.iter().map(|[_, claims]| claims[name].to_string()).collect();
        assert_eq!(said.len(), 3, "{name}");
    }
    let keys: BTreeSet<_> = proofs.iter().map(|[header, _]| header["jwk"].to_string()).collect();
    assert_eq!(keys.len(), 1, "one key");
    assert_eq!(own_requests(&world).len(), 3);
}

/// PRX-11
#[tokio::test]
async fn an_apis_nonce_costs_no_new_token_of_the_clients_own() {
    let api = Api::start(|call| {
        let [_, claims] = crate::fapi::jws(call.header("dpop"));
        if claims["nonce"] == "theirs" {
            return json("{}");
        }
        let headers = [
            ("www-authenticate", r#"DPoP error="use_dpop_nonce""#),
            ("dpop-nonce", "theirs"),
        ];
        (StatusCode::UNAUTHORIZED, headers).into_response()
    })
    .await;
    let world = world_of(&api.served.url(), &[], |it| it.dpop = Dpop::Offered).await;
    let mut alice = world.signed_in("alice").await;
    for calls in [2, 1] {
        assert_eq!(audit(&mut alice).await.0, StatusCode::OK);
        assert_eq!(api.take().len(), calls);
    }
    assert_eq!(own_requests(&world).len(), 1);
}

/// TOK-13
///
/// The provider may answer a proof with a bearer token. That token is used unless `BFF_DPOP` is `required`.
#[tokio::test]
async fn an_unbound_token_of_the_clients_own_is_used_only_where_that_will_do() {
    for (setting, scheme) in [("auto", Some("Bearer ")), ("required", None)] {
        let api = Api::friendly().await;
        let dpop = ("BFF_DPOP", setting);
        let world = world_of(&api.served.url(), &[dpop], |it| it.dpop = Dpop::Offered).await;
        let mut alice = world.signed_in("alice").await;
        world.inject(Fault::TokenMember("token_type", "Bearer".into()));
        let answer = audit(&mut alice).await;
        let sent = api.take();
        if let Some(scheme) = scheme {
            assert_eq!(answer.0, StatusCode::OK);
            assert!(sent[0].header("authorization").starts_with(scheme));
            assert!(!sent[0].headers.contains_key("dpop"));
        } else {
            let unavailable = (StatusCode::SERVICE_UNAVAILABLE, Some("token_unavailable".to_owned()));
            assert_eq!((answer, sent.len()), (unavailable, 0));
        }
    }
}

/// TOK-13
///
/// Each API has its own setting for DPoP. An API without it gets a bearer token of its own, beside the bound one.
#[tokio::test]
async fn each_api_gets_the_clients_own_token_as_it_takes_it() {
    let (api, plain) = (Api::friendly().await, Api::friendly().await);
    let url = plain.served.url();
    let further = [("BFF_API_PLAIN", &*url), ("BFF_API_PLAIN_TOKEN", "client")];
    let world = world_of(&api.served.url(), &further, |it| it.dpop = Dpop::Offered).await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(audit(&mut alice).await.0, StatusCode::OK);
    let answer = call(&mut alice, Method::GET, "/api/plain/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    let (bound, bearer) = (api.take().remove(0), plain.take().remove(0));
    assert!(bound.header("authorization").starts_with("DPoP ") && bound.headers.contains_key("dpop"));
    assert!(bearer.header("authorization").starts_with("Bearer ") && !bearer.headers.contains_key("dpop"));
    let proven: Vec<bool> = own_requests(&world)
        .iter()
        .map(|call| call.dpop_proof().is_some())
        .collect();
    assert_eq!(proven, [true, false]);
}

/// TOK-13
#[tokio::test]
async fn an_endless_wish_for_nonces_leaves_the_api_uncalled() {
    let api = Api::friendly().await;
    let world = world_of(&api.served.url(), &[], |it| it.dpop = Dpop::Offered).await;
    let mut alice = world.signed_in("alice").await;
    let again = Answer::new(400, "application/json", r#"{"error":"use_dpop_nonce"}"#).with_header("dpop-nonce", "n");
    world.inject(Fault::Answer(Endpoint::Token, again));
    let unavailable = (StatusCode::SERVICE_UNAVAILABLE, Some("token_unavailable".to_owned()));
    assert_eq!(audit(&mut alice).await, unavailable);
    assert_eq!((own_requests(&world).len(), api.take().len()), (2, 0), "one retry");
    world.provider.heal();
    assert_eq!(audit(&mut alice).await.0, StatusCode::OK);
}
