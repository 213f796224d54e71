//! The token with which an API is called, and what the relay does after a 401 of the API.

use crate::api::{Api, CALL, Served, call, head, json, world};
use crate::redis::node::Node;
use crate::redis::proxy::Proxy;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// With these scopes, the provider issues a refresh token.
const OFFLINE: (&str, &str) = ("BFF_SCOPES", "openid profile offline_access");
/// After a 401, the relay refreshes a token of this age. An API does not refuse a younger token because of its age.
const OLD_ENOUGH: Duration = Duration::from_secs(11);

/// PRX-07
#[tokio::test]
async fn a_permanent_401_is_two_calls_and_never_a_401_of_ours() {
    let api = Api::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let world = world(&api.served.url(), &[OFFLINE]).await;
    let mut browser = world.signed_in("alice").await;
    for (method, body) in [(Method::GET, ""), (Method::POST, "a small body")] {
        world.advance(OLD_ENOUGH);
        let answer = browser.send(method, "/api/orders/1", &CALL, body).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert_eq!(answer.json()["code"], "upstream_unauthorized");
        assert!(answer.header("www-authenticate").is_empty());
        let calls = api.take();
        assert_eq!(calls.len(), 2);
        assert!(calls.iter().all(|call| call.body == body));
        assert_ne!(calls[0].header("authorization"), calls[1].header("authorization"));
    }
    // A body that is too large to keep and a body of unknown length cannot be sent again.
    let large = "x".repeat(64 * 1024 + 1);
    world.advance(OLD_ENOUGH);
    let answer = browser.send(Method::POST, "/api/orders/1", &CALL, &large).await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    let calls = api.take();
    assert_eq!(calls.len(), 1, "the call is not repeated");
    assert_eq!(calls[0].header("content-length"), "65537");
    let bff = Served::start(world.replica().await).await;
    world.advance(OLD_ENOUGH);
    let chunked = "content-type: text/plain\r\ntransfer-encoding: chunked\r\n";
    let request = head(&browser, "POST /api/orders/1 HTTP/1.1", chunked) + "5\r\nhello\r\n0\r\n\r\n";
    let answer = bff.raw(&request).await;
    assert!(answer.contains("upstream_unauthorized"), "{answer}");
    let calls = api.take();
    assert_eq!(
        (calls.len(), &calls[0].body[..]),
        (1, &b"hello"[..]),
        "the call is not repeated"
    );
    assert_eq!(browser.session().await["status"], "active");
}

/// PRX-07
#[tokio::test]
async fn a_401_that_a_renewed_token_heals_is_not_seen() {
    let count = Arc::new(AtomicUsize::new(0));
    let api = Api::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => StatusCode::UNAUTHORIZED.into_response(),
        _ => json("{\"fine\":true}"),
    })
    .await;
    let world = world(&api.served.url(), &[OFFLINE]).await;
    let mut browser = world.signed_in("alice").await;
    world.advance(OLD_ENOUGH);
    let limit = "x".repeat(64 * 1024);
    let answer = browser.send(Method::PUT, "/api/orders/1?a=b", &CALL, &limit).await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (StatusCode::OK, "{\"fine\":true}")
    );
    let [first, second] = &api.take()[..] else {
        panic!("two calls")
    };
    assert_eq!(
        (&first.target, &first.method, &first.body),
        (&second.target, &second.method, &second.body)
    );
    assert_eq!(first.body.len(), limit.len());
    assert_ne!(first.header("authorization"), second.header("authorization"));
}

/// PRX-07
#[tokio::test]
async fn without_a_refresh_token_a_401_is_one_call() {
    let api = Api::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    assert_eq!(api.calls().len(), 1);
}

#[tokio::test]
async fn a_token_that_has_expired_for_good_is_no_401_and_no_call() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_SESSION_IDLE", "8h")]).await;
    let mut browser = world.signed_in("alice").await;
    world.advance(Duration::from_hours(2));
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("token_expired"))
    );
    assert!(api.calls().is_empty());
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn the_clients_own_token_is_fetched_once_and_renewed_once() {
    let api = Api::start(|call| match call.target.as_str() {
        "/401" => StatusCode::UNAUTHORIZED.into_response(),
        _ => json("{}"),
    })
    .await;
    let own = [
        ("BFF_API_ORDERS_TOKEN", "client"),
        ("BFF_API_ORDERS_SCOPE", "audit"),
        ("BFF_SESSION_IDLE", "8h"),
    ];
    let world = world(&api.served.url(), &own).await;
    let (mut alice, mut bob) = (world.signed_in("alice").await, world.signed_in("bob").await);
    for browser in [&mut alice, &mut bob] {
        assert_eq!(call(browser, Method::GET, "/api/orders/1").await.status, StatusCode::OK);
    }
    let bearers: Vec<String> = api
        .take()
        .iter()
        .map(|call| call.header("authorization").to_owned())
        .collect();
    assert!(
        bearers[0].starts_with("Bearer ") && bearers[0] == bearers[1],
        "the client's token is the same for everybody"
    );
    world.advance(OLD_ENOUGH);
    world.advance(OLD_ENOUGH);
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/401").await.json()["code"],
        "upstream_unauthorized"
    );
    let [first, second] = &api.take()[..] else {
        panic!("two calls")
    };
    assert_eq!(first.header("authorization"), bearers[0]);
    assert_ne!(second.header("authorization"), bearers[0]);
    let asked = world.provider.calls_to(provider::Endpoint::Token).len();
    for _ in 0..10 {
        call(&mut alice, Method::GET, "/api/orders/401").await;
        assert_eq!(
            api.take().len(),
            1,
            "so young a token was not refused because of its age, so it is not renewed"
        );
    }
    assert_eq!(world.provider.calls_to(provider::Endpoint::Token).len(), asked);
    world.inject(provider::Fault::Status(provider::Endpoint::Token, 500));
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/1").await.status,
        StatusCode::OK,
        "the client's token is kept"
    );
    world.advance(Duration::from_hours(2));
    let answer = call(&mut bob, Method::GET, "/api/orders/1").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("token_unavailable"))
    );
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn an_api_that_is_called_without_a_token_gets_one_call_for_a_401() {
    let api = Api::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_TOKEN", "none")]).await;
    let mut browser = world.signed_in("alice").await;
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    assert_eq!(api.calls().len(), 1);
}

#[tokio::test]
async fn a_call_costs_two_reads_and_one_without_a_token_one() {
    let api = Api::friendly().await;
    let further = [
        ("BFF_API_OPEN", api.served.url()),
        ("BFF_API_OPEN_TOKEN", "none".to_owned()),
    ];
    let further: Vec<(&str, &str)> = further.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let world = world(&api.served.url(), &further).await;
    let mut browser = world.signed_in("alice").await;
    for (path, reads) in [("/api/orders/1", 2), ("/api/open/1", 1)] {
        let before = world.redis.commands();
        assert_eq!(call(&mut browser, Method::GET, path).await.status, StatusCode::OK);
        let counted = world.redis.commands() - before;
        assert_eq!(counted, reads, "{path}");
    }
}

/// The session and its tokens share a slot of Redis, and are asked for together.
#[tokio::test]
async fn a_relayed_call_waits_for_the_store_once() {
    let api = Api::start(|_| json("{}")).await;
    let (node, way) = (Node::start(&[]), Proxy::start());
    way.lead_to(node.port);
    let redis = format!("redis://127.0.0.1:{}", way.port);
    let world = world(&api.served.url(), &[("BFF_REDIS_URL", &redis)]).await;
    let mut browser = world.signed_in("alice").await;
    way.hold_answers();
    let call = browser.send(Method::GET, "/api/orders/1", &CALL, "");
    let both_are_asked_for = world.until("both records are asked for", async || {
        way.asked().matches("\r\nGET\r\n").count() == 2
    });
    let released = async {
        both_are_asked_for.await;
        way.release_answers();
    };
    let (answer, ()) = tokio::join!(call, released);
    assert_eq!(answer.status, StatusCode::OK);
}
