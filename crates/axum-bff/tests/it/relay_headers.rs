//! The headers of a request that reach an API, and the headers of an answer that reach a browser.

use crate::api::{Api, CALL, Served, call, head, world};
use crate::leaks::Log;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::IntoResponse;
use std::collections::BTreeSet;
use std::fmt::Write;

const HOSTILE: [(&str, &str); 22] = [
    ("authorization", "Bearer canary"),
    ("dpop", "canary"),
    ("forwarded", "for=canary"),
    ("x-forwarded-for", "canary"),
    ("x-forwarded-host", "canary"),
    ("x-forwarded-proto", "canary"),
    ("x-forwarded-user", "canary"),
    ("x-real-ip", "canary"),
    ("x-user", "canary"),
    ("x-remote-user", "canary"),
    ("x-original-url", "/canary"),
    ("x-rewrite-url", "/canary"),
    ("x-request-id", "canary"),
    ("proxy-authorization", "canary"),
    ("te", "trailers"),
    ("trailer", "canary"),
    ("keep-alive", "timeout=canary"),
    ("upgrade", "canary"),
    ("via", "canary"),
    ("traceparent", "canary"),
    ("user-agent", "canary"),
    ("referer", "https://app.example.com/canary"),
];

/// PRX-03, PRX-10
#[tokio::test]
async fn the_api_sees_our_bearer_and_what_describes_the_call() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let described = [
        ("content-language", "de"),
        ("accept-language", "de"),
        ("if-none-match", "\"1\""),
        ("range", "bytes=0-1"),
        ("idempotency-key", "7"),
        ("last-event-id", "9"),
    ];
    let headers = [&CALL[..], &HOSTILE, &described].concat();
    let answer = browser.send(Method::POST, "/api/orders/1", &headers, "a=b").await;
    assert_eq!(answer.status, StatusCode::OK);
    let [call] = &api.take()[..] else { panic!("one call") };
    let seen: BTreeSet<&str> = call.headers.keys().map(HeaderName::as_str).collect();
    let expected = [
        "accept",
        "accept-language",
        "authorization",
        "content-language",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "if-none-match",
        "last-event-id",
        "range",
        "traceparent",
        "x-request-id",
    ];
    assert_eq!(seen, BTreeSet::from(expected));
    assert!(!format!("{:?}", call.headers).contains("canary"), "{call:?}");
    assert_eq!(call.headers.get_all("authorization").iter().count(), 1);
    assert!(call.header("authorization").starts_with("Bearer "));
    assert_eq!(call.header("x-request-id"), answer.header("x-request-id"));
    assert_eq!(call.header("host"), api.served.address.to_string());
    assert_eq!(call.header("if-none-match"), "\"1\"");
}

/// PRX-03
#[tokio::test]
async fn connection_names_headers_of_this_hop_and_takes_ours_from_nobody() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let further = "connection: authorization, x-request-id, Accept-Language\r\nconnection: range\r\n\
        authorization: Bearer canary\r\naccept-language: de\r\nrange: bytes=0-1\r\nif-match: \"1\"\r\n";
    let answer = bff.raw(&head(&browser, "GET /api/orders/1 HTTP/1.1", further)).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let [call] = &api.take()[..] else { panic!("one call") };
    assert!(call.header("authorization").starts_with("Bearer ") && !call.header("authorization").contains("canary"));
    assert!(!call.header("x-request-id").is_empty());
    assert_eq!(
        (
            call.header("accept-language"),
            call.header("range"),
            call.header("if-match")
        ),
        ("", "", "\"1\"")
    );
}

/// PRX-03
#[tokio::test]
async fn an_api_without_a_token_gets_none_not_even_the_browsers() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_TOKEN", "none")]).await;
    let mut browser = world.signed_in("alice").await;
    let headers = [&CALL[..], &HOSTILE].concat();
    assert_eq!(
        browser.send(Method::GET, "/api/orders/1", &headers, "").await.status,
        StatusCode::OK
    );
    assert_eq!(api.calls()[0].header("authorization"), "");
    assert_eq!(api.calls()[0].header("cookie"), "");
}

#[tokio::test]
async fn the_settings_add_headers_in_both_directions() {
    let api = Api::start(|call| [("x-tenant", call.header("x-tenant").to_uppercase())].into_response()).await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_HEADERS", "x-tenant accept")]).await;
    let mut browser = world.signed_in("alice").await;
    let headers = [&CALL[..], &[("x-tenant", "a"), ("x-other", "b")]].concat();
    let answer = browser.send(Method::GET, "/api/orders/1", &headers, "").await;
    assert_eq!(answer.header("x-tenant"), "A");
    assert_eq!(api.calls()[0].header("x-other"), "");
    assert_eq!(
        api.calls()[0].headers.get_all("accept").iter().count(),
        1,
        "the header is not sent twice"
    );
}

/// Headers with which an answer could control a browser or a proxy.
const ORDERS: [(&str, &str); 30] = [
    ("set-cookie", "__Host-Http-session=evil; Path=/; Secure; HttpOnly"),
    ("access-control-allow-origin", "https://evil.example"),
    ("access-control-allow-credentials", "true"),
    ("strict-transport-security", "max-age=0"),
    ("clear-site-data", "\"*\""),
    ("server", "evil"),
    ("alt-svc", "h3=\"evil.example:443\""),
    ("refresh", "0; url=https://evil.example"),
    ("location", "https://evil.example"),
    ("content-location", "https://evil.example"),
    ("service-worker-allowed", "/"),
    ("link", "</evil.js>; rel=preload; as=script"),
    ("www-authenticate", "Basic realm=evil"),
    ("proxy-authenticate", "Basic realm=evil"),
    ("authorization", "Bearer evil"),
    ("content-security-policy", "script-src evil"),
    ("content-security-policy-report-only", "evil"),
    ("x-frame-options", "ALLOWALL"),
    ("x-content-type-options", "evil"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("referrer-policy", "unsafe-url"),
    ("permissions-policy", "camera=*"),
    ("report-to", "evil"),
    ("nel", "evil"),
    ("sourcemap", "/evil"),
    ("x-accel-redirect", "/evil"),
    ("x-sendfile", "/evil"),
    ("x-powered-by", "evil"),
    ("keep-alive", "evil"),
    ("cache-control", "public, max-age=999999"),
];

/// PRX-05
#[tokio::test]
async fn an_answer_neither_orders_the_browser_about_nor_becomes_active_content() {
    let api = Api::start(|_| {
        let mut response = "<script>alert(1)</script>".into_response();
        let headers = response.headers_mut();
        headers.insert("content-type", HeaderValue::from_static("text/html"));
        for (name, value) in ORDERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert("etag", HeaderValue::from_static("\"1\""));
        headers.insert("connection", HeaderValue::from_static("x-total-count"));
        headers.insert("x-total-count", HeaderValue::from_static("3"));
        response
    })
    .await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let cookies = browser.cookies.clone();
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text(), "<script>alert(1)</script>");
    let said = format!("{:?}", answer.headers);
    assert!(!said.contains("evil") && !said.contains("999999"), "{said}");
    for name in [
        "location",
        "refresh",
        "server",
        "clear-site-data",
        "alt-svc",
        "link",
        "x-total-count",
    ] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-disposition", "attachment"),
        ("etag", "\"1\""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("sandbox; default-src 'none'") && !policy.contains("script-src"),
        "{policy}"
    );
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    assert_eq!(browser.cookies, cookies);
}

/// PRX-08
#[tokio::test]
async fn a_token_that_an_api_echoes_in_its_head_stays_here() {
    let api = Api::start(|call| {
        let token = call.header("authorization").to_owned();
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{token}\"");
        let echoes = [
            ("www-authenticate", challenge),
            ("x-error", token.clone()),
            ("authorization", token),
        ];
        (StatusCode::FORBIDDEN, echoes, "no").into_response()
    })
    .await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let calls = api.take();
    let token = calls[0]
        .header("authorization")
        .strip_prefix("Bearer ")
        .expect("a bearer");
    assert!(token.len() > 20 && !format!("{answer:?}").contains(token));
    assert!(!calls[0].target.contains(token), "the token is not in the address");
}

/// PRX-08
///
/// The test runs on one thread, so that it catches everything that is logged.
#[tokio::test(flavor = "current_thread")]
async fn neither_the_token_nor_what_is_asked_is_logged_or_said() {
    let (log, _guard) = Log::catch();
    let api = Api::start(|call| {
        if call.target.starts_with("/401") {
            StatusCode::UNAUTHORIZED.into_response()
        } else {
            "fine".into_response()
        }
    })
    .await;
    let world = world(&api.served.url(), &[("BFF_API_AWAY", "http://127.0.0.1:1")]).await;
    let mut browser = world.signed_in("alice").await;
    let mut said = String::new();
    for path in [
        "/api/orders/1?canary-query",
        "/api/orders/401?canary-query",
        "/api/away/1?canary-query",
        "/api/orders/..?canary-query",
    ] {
        let answer = call(&mut browser, Method::GET, path).await;
        write!(said, "{answer:?}").expect("a String takes it");
    }
    let token = api.calls()[0].header("authorization").to_owned();
    let token = token.strip_prefix("Bearer ").expect("a bearer");
    let written = log.text();
    for code in ["upstream_unauthorized", "upstream_unreachable", "path_refused"] {
        assert!(written.contains(code), "{code} is not in the log");
    }
    for secret in [token, "canary-query"] {
        let line = written.lines().find(|line| line.contains(secret)).unwrap_or_default();
        assert!(line.is_empty(), "{}", line.replace(token, "[TOKEN]"));
        assert!(!said.contains(secret));
    }
}
