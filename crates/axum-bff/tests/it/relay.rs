//! Calls of an API that are allowed, and calls that are refused.

use crate::api::{Api, CALL, call, world};
use crate::browser::NAVIGATE;
use axum::http::{Method, StatusCode};

const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// PRX-06
#[tokio::test]
async fn anonymous_calls_get_401_and_the_api_none() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.browser();
    for path in ["/api/orders/1", "/api/unknown/1", "/api/orders/../x"] {
        for headers in [&CALL[..], &NAVIGATE[..], &[]] {
            let answer = browser.send(Method::GET, path, headers, "").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {headers:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.json()["login"], "/auth/login");
            assert!(answer.location().is_none() && answer.set_cookies().is_empty());
        }
    }
    let answer = call(&mut browser, Method::POST, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    browser.cookies.insert("__Host-Http-session".to_owned(), "A".repeat(48));
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(api.calls().is_empty(), "{:?}", api.calls());
}

/// CSRF-01
#[tokio::test]
async fn every_call_reads_too_comes_from_our_own_pages_and_says_so() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let site = |site| ("sec-fetch-site", site);
    let csrf = ("x-csrf", "1");
    let refused: [&[(&str, &str)]; 13] = [
        &[],
        &[csrf],
        &[site("same-origin")],
        &[site("same-origin"), ("x-csrf", "0")],
        &[site("same-origin"), csrf, csrf],
        &[site("same-site"), csrf],
        &[site("cross-site"), csrf],
        &[site("none"), csrf],
        &[site("cross-site"), csrf, ("origin", "https://app.example.com")],
        &[("origin", "https://evil.example"), csrf],
        &[("origin", "null"), csrf],
        &[("referer", "https://app.example.com/"), csrf],
        &NAVIGATE,
    ];
    for method in METHODS {
        for headers in refused {
            let answer = browser.send(method.clone(), "/api/orders/1", headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {headers:?}");
            if method != Method::HEAD {
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
    }
    assert!(api.calls().is_empty(), "{:?}", api.calls());
    for headers in [
        &[site("same-origin"), csrf],
        &[("origin", "https://app.example.com"), csrf],
    ] {
        for method in METHODS {
            let answer = browser.send(method.clone(), "/api/orders/1", headers, "").await;
            assert_eq!(answer.status, StatusCode::OK, "{method} {headers:?}");
        }
    }
    assert_eq!(api.calls().len(), 2 * METHODS.len());
}

/// CSRF-09
#[tokio::test]
async fn event_streams_and_sockets_are_opened_by_our_own_pages_only() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let events = ("accept", "text/event-stream");
    let socket = [("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")];
    let here = ("origin", "https://app.example.com");
    let same = ("sec-fetch-site", "same-origin");
    let refused: [Vec<(&str, &str)>; 9] = [
        vec![events],
        vec![events, ("sec-fetch-site", "cross-site")],
        vec![events, ("origin", "https://evil.example")],
        vec![("accept", "text/event-stream, text/html"), same],
        [&socket[..], &[same]].concat(),
        [&socket[..], &[("origin", "https://evil.example"), same]].concat(),
        [&socket[..], &[("origin", "https://evil.example")]].concat(),
        [&socket[..], &[here, ("sec-fetch-site", "same-site")]].concat(),
        [&socket[..], &[("origin", "null"), ("x-csrf", "1")]].concat(),
    ];
    for headers in refused {
        let answer = browser.send(Method::GET, "/api/orders/1", &headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let posted = browser.send(Method::POST, "/api/orders/1", &[events, same], "").await;
    assert_eq!(posted.status, StatusCode::FORBIDDEN, "an EventSource sends no POST");
    assert!(api.calls().is_empty());
    let answer = browser.send(Method::GET, "/api/orders/1", &[events, same], "").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn the_caller_is_told_what_ended_the_session() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let mut other = world.browser();
    other.cookies.clone_from(&browser.cookies);
    browser.submit("/auth/logout").await;
    let answer = call(&mut other, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["login"], "/auth/login");
    assert_ne!(
        answer.json()["code"],
        "sign_in_required",
        "the code says why the session ended"
    );
    assert!(api.calls().is_empty());
}

#[tokio::test]
async fn a_store_that_is_away_is_503_and_no_call() {
    let api = Api::friendly().await;
    let mut world = world(&api.served.url(), &[("BFF_REDIS_TIMEOUT", "300ms")]).await;
    let mut browser = world.signed_in("alice").await;
    world.redis.kill();
    for headers in [&CALL[..], &NAVIGATE] {
        let answer = browser.send(Method::GET, "/api/orders/1", headers, "").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.header("retry-after").is_empty() && answer.set_cookies().is_empty());
    }
    assert!(api.calls().is_empty());
}
