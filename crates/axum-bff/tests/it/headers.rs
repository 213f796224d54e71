//! The headers of every response.

use crate::browser::{Answer, NAVIGATE};
use crate::world::World;
use axum::http::{Method, StatusCode};

fn is_page(answer: &Answer) -> bool {
    let kind = answer.headers.get("content-type");
    let leads_on = answer.leads_to().is_some();
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) && !leads_on
}

/// RED-05, HDR-01, HDR-02, HDR-03, HDR-04, HDR-05, HDR-07, HDR-08, HDR-10
#[tokio::test]
async fn each_header_of_security_is_on_pages_redirects_and_errors() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut nobody = world.browser();
    let answers = [
        nobody.open("/").await,
        nobody.open("/profile").await,
        nobody.open("/auth/login").await,
        nobody.open("/auth/callback?code=x&state=y").await,
        nobody.open("/sign-in-failed").await,
        nobody.fetch("/auth/session").await,
        nobody.fetch("/profile").await,
        nobody.send(Method::POST, "/auth/logout", &NAVIGATE, "").await,
        alice.open("/profile").await,
        alice.open("/unknown").await,
        alice.open("/auth/logout").await,
        alice.submit("/auth/dismiss").await,
        alice.submit("/auth/logout").await,
    ];
    for answer in &answers {
        assert_eq!(answer.header("cache-control"), "no-store", "HDR-05 {answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "HDR-07");
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000; includeSubDomains"
        );
        assert!(
            ["no-referrer", "same-origin"].contains(&answer.header("referrer-policy")),
            "HDR-08"
        );
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "HDR-10");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "HDR-10");
        let policy = answer.header("content-security-policy");
        if is_page(answer) {
            for part in [
                "default-src 'none'",
                "frame-ancestors 'none'",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "'wasm-unsafe-eval'",
            ] {
                assert!(policy.contains(part), "{part} is not in {policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            assert!(
                policy.contains(&format!("form-action 'self' {}", world.provider.issuer())),
                "HDR-03"
            );
        } else {
            assert_eq!(
                policy, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "a response that is no page may do nothing"
            );
        }
        let status = answer.status;
        assert!(![302, 307, 308].contains(&status.as_u16()), "RED-05 {status}");
    }
    let pages = answers.iter().filter(|answer| is_page(answer));
    assert!(pages.count() >= 4, "some answers are pages");
}

/// HDR-11
#[tokio::test]
async fn methods_that_nobody_serves_are_refused_in_our_own_words() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for method in ["TRACE", "CONNECT", "PROPFIND", "DELETE"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        for path in ["/", "/profile", "/auth/session", "/auth/login"] {
            let headers = [
                &NAVIGATE[..],
                &[("sec-fetch-site", "same-origin"), ("x-echo", "canary")],
            ]
            .concat();
            let answer = alice.send(method.clone(), path, &headers, "").await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(!answer.text().contains("canary"), "{method} {path} echoes");
        }
    }
    assert_eq!(alice.session().await["status"], "active");
}

/// SEC-08
#[tokio::test]
async fn health_routes_say_what_works_and_nothing_else() {
    let world = World::start().await;
    let mut browser = world.browser();
    let live = browser.fetch("/livez").await;
    assert_eq!(
        (live.status, live.text().as_str()),
        (StatusCode::OK, r#"{"status":"ok"}"#)
    );
    let ready = browser.fetch("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    assert_eq!(ready.json()["session_store"], "ok");
    assert_eq!(ready.json()["provider_metadata"], "ok");
}
