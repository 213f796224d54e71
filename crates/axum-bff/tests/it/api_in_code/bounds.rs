//! Bodies that are too large, APIs that are too slow, calls that are too many, and sessions that end during a call.

use super::{routes, signed_in};
use crate::api::{Api, Served, head, json, world};
use crate::browser::FETCH;
use crate::relay_streams::{feeding, session_end};
use crate::wire::Wire;
use axum::Router;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;
use std::time::{Duration, Instant};

const SHORT: (&str, &str) = ("BFF_API_ORDERS_TIMEOUT", "300ms");
const SMALL: (&str, &str) = ("BFF_API_ORDERS_BODY_LIMIT", "1KiB");

/// PRX-09
#[tokio::test]
async fn a_body_over_the_bound_is_refused_in_both_directions() {
    let large = "x".repeat(1025);
    let answered = large.clone();
    let api = Api::start(move |call| match call.target.as_str() {
        "/upload" => json("{}"),
        _ => answered.clone().into_response(),
    })
    .await;
    let world = world(&api.served.url(), &[SMALL]).await;
    let mut browser = signed_in(&world, "alice").await;
    let read = browser.fetch("/code/whole").await;
    assert_eq!(
        (read.status, read.json()["code"].as_str()),
        (StatusCode::BAD_GATEWAY, Some("upstream_malformed"))
    );
    assert_eq!(
        browser.fetch("/code/stream").await.text(),
        large,
        "a stream is not read into memory"
    );
    api.take();
    let fits = browser.send(Method::POST, "/code/upload", &FETCH, &large[1..]).await;
    assert_eq!(fits.status, StatusCode::OK);
    assert_eq!(api.take()[0].body.len(), 1024);
    let sent = browser.send(Method::POST, "/code/upload", &FETCH, &large).await;
    assert_eq!(
        (sent.status, sent.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("too_large"))
    );
    assert!(api.calls().is_empty());
}

/// PRX-09
#[tokio::test]
async fn a_body_of_unknown_length_is_bounded_as_it_comes() {
    let (api, feed) = feeding("text/plain").await;
    let world = world(&api.url(), &[SMALL]).await;
    let mut browser = signed_in(&world, "alice").await;
    let large: &'static str = Box::leak("x".repeat(600).into_boxed_str());
    let feeding = async {
        for _ in 0..2 {
            feed.send(large).await.expect("the API reads");
        }
    };
    let (read, ()) = tokio::join!(browser.fetch("/code/whole"), feeding);
    assert_eq!(read.json()["code"], "upstream_malformed");
    let told = tokio::time::timeout(Duration::from_secs(5), feed.closed()).await;
    assert!(told.is_ok(), "the API still sends");
}

/// PRX-09
#[tokio::test]
async fn an_api_that_does_not_answer_or_does_not_end_its_answer_is_504() {
    let silent = Served::start(Router::new().fallback(any(std::future::pending::<String>))).await;
    let (slow, feed) = feeding("text/plain").await;
    for api in [&silent, &slow] {
        let world = world(&api.url(), &[SHORT]).await;
        let mut browser = signed_in(&world, "alice").await;
        let begun = Instant::now();
        // This must not wait for a reader: only the second API reads, and the text waits in the channel until then.
        let _ = feed.try_send("begun");
        let told = browser.fetch("/code/whole").await;
        assert_eq!(
            (told.status, told.json()["code"].as_str()),
            (StatusCode::GATEWAY_TIMEOUT, Some("upstream_timeout"))
        );
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn an_answer_that_code_does_not_expect_is_502_without_its_text() {
    let api = Api::start(|call| match call.target.as_str() {
        "/orders/1" => json("\"canary\""),
        _ => (StatusCode::NOT_FOUND, "canary").into_response(),
    })
    .await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = signed_in(&world, "alice").await;
    let told = browser.fetch("/code/strict").await;
    assert_eq!(
        (told.status, told.json()["code"].as_str()),
        (StatusCode::BAD_GATEWAY, Some("upstream_malformed"))
    );
    assert!(!told.text().contains("canary"));
    let missing = browser.fetch("/code/orders/2").await;
    assert_eq!(
        (missing.status, missing.text().as_str()),
        (StatusCode::OK, "canary"),
        "the handler reads the answer itself"
    );
    let failing = Api::start(|_| (StatusCode::IM_A_TEAPOT, "canary").into_response()).await;
    let world = crate::api::world(&failing.served.url(), &[]).await;
    let told = signed_in(&world, "alice").await.fetch("/code/strict").await;
    assert_eq!(
        (told.status, told.json()["code"].as_str()),
        (StatusCode::BAD_GATEWAY, Some("upstream_status"))
    );
    assert!(!told.text().contains("canary"));
}

/// PRX-09
#[tokio::test]
async fn calls_of_code_and_relay_share_the_room_of_a_person() {
    let (api, feed) = feeding("text/plain").await;
    let world = world(&api.url(), &[("BFF_API_ORDERS_REQUESTS_EACH", "1")]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica_routing(routes, |_| ()).await).await;
    let mut held = Wire::open(&bff, &head(&browser, "GET /api/orders/1 HTTP/1.1", "")).await;
    feed.send("begun").await.expect("the API reads");
    held.until("begun").await;
    let refused = bff.raw(&head(&browser, "GET /code/whole HTTP/1.1", "")).await;
    assert!(
        refused.starts_with("HTTP/1.1 429 ") && refused.contains("too_many_at_once"),
        "{refused}"
    );
    let bob = world.signed_in("bob").await;
    let other = bff.raw(&head(&bob, "GET /code/whole HTTP/1.1", "")).await;
    assert!(other.starts_with("HTTP/1.1 200 "), "{other}");
    drop(feed);
    world
        .until("a call is free again", async || {
            let answer = bff.raw(&head(&browser, "GET /code/whole HTTP/1.1", "")).await;
            answer.starts_with("HTTP/1.1 200 ")
        })
        .await;
}

#[tokio::test]
async fn a_session_that_ends_cuts_what_code_streams_and_refuses_what_it_reads() {
    for path in ["/code/stream", "/code/whole"] {
        let (api, feed) = feeding("text/plain").await;
        let world = world(&api.url(), &[]).await;
        let browser = world.signed_in("alice").await;
        let (session_end, end) = session_end();
        let change = |parts: &mut axum_bff::Components| parts.relay = parts.relay.clone().with_session_end(session_end);
        let bff = Served::start(world.replica_routing(routes, change).await).await;
        let mut wire = Wire::open(&bff, &head(&browser, &format!("GET {path} HTTP/1.1"), "")).await;
        // The channel holds one text, and takes the next one when the API has read the one before.
        for text in ["begun", "more", "and more"] {
            feed.send(text).await.expect("the API reads");
        }
        end.send_replace(true);
        if path == "/code/whole" {
            wire.until("sign_in_required").await;
            assert!(wire.read.starts_with("HTTP/1.1 401 "), "{}", wire.read);
        } else {
            wire.until("begun").await;
            assert!(wire.is_closed_within_a_second().await);
            assert!(
                !wire.read.ends_with("0\r\n\r\n"),
                "without a last chunk nobody takes a part for the whole"
            );
        }
        let told = tokio::time::timeout(Duration::from_secs(5), feed.closed()).await;
        assert!(told.is_ok(), "{path}: the API still sends");
    }
}
