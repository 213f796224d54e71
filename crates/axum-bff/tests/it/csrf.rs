//! Requests that change something are accepted from our own pages only.

use crate::application::routes;
use crate::browser::{FETCH, NAVIGATE};
use crate::world::{ORIGIN, World};
use axum::http::{Method, StatusCode};
use axum_bff::RouteList;

/// LO-01, CSRF-02
#[tokio::test]
async fn no_other_site_signs_a_person_out() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let cases: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://sibling.example.com"),
        ],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://app.example.com.evil")],
        &[],
    ];
    for headers in cases {
        for path in [
            "/auth/logout",
            "/auth/dismiss",
            "/auth/page-failed",
            "/_fn/reread_claims",
            "/profile",
            "/unknown",
        ] {
            let answer = browser.send(Method::POST, path, headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(answer.set_cookies().is_empty());
        }
    }
    assert_eq!(browser.session().await["status"], "active");
}

/// CSRF-06
///
/// A page of another site can send these requests without a preflight. A form of ours names its origin.
#[tokio::test]
async fn a_request_without_a_preflight_reaches_nothing_that_changes_something() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let listed = RouteList::of(&routes());
    let functions = listed.paths().filter(|path| path.starts_with("/_fn/"));
    let paths: Vec<&str> = functions.chain(["/auth/logout", "/auth/session"]).collect();
    assert!(paths.len() > 6, "{paths:?}");
    for kind in [
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("text/plain"),
        None,
    ] {
        for path in &paths {
            let mut headers = vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
            headers.extend(kind.map(|kind| ("content-type", kind)));
            let body = if kind.is_some() { "text=x&id=x" } else { "" };
            let answer = browser.send(Method::POST, path, &headers, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {kind:?}");
            assert_eq!(answer.json()["code"], "cross_site", "{path} {kind:?}");
        }
    }
    assert_eq!(browser.session().await["status"], "active");
}

/// CSRF-10
///
/// The provider's server posts to `/auth/backchannel-logout` from elsewhere. The other routes that are not refused as
/// cross-site take no POST at all.
#[tokio::test]
async fn only_the_provider_may_post_from_elsewhere() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let listed = RouteList::of(&routes());
    let mounted = listed.paths().map(str::to_owned);
    let routes = [
        "/auth/login",
        "/auth/callback",
        "/auth/logout",
        "/auth/dismiss",
        "/auth/session",
        "/auth/events",
        "/auth/frontchannel-logout",
        "/auth/backchannel-logout",
        "/api/orders/x",
        "/livez",
        "/readyz",
        "/pkg/frontend.css",
    ];
    let mut passed = Vec::new();
    for path in mounted.chain(routes.map(str::to_owned)) {
        let elsewhere = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
        let answer = browser.send(Method::POST, &path, &elsewhere, "").await;
        if answer.status != StatusCode::FORBIDDEN {
            passed.push((path, answer.status.as_u16()));
        }
    }
    passed.sort();
    assert_eq!(
        passed,
        [
            ("/auth/backchannel-logout".to_owned(), 400),
            ("/livez".to_owned(), 405),
            ("/pkg/frontend.css".to_owned(), 405),
            ("/readyz".to_owned(), 405),
        ],
        "the routes that are not refused as cross-site"
    );
}

/// CSRF-04
///
/// A browser without Fetch Metadata sends `Origin: null` with a form of a page whose policy is `no-referrer`.
#[tokio::test]
async fn the_sign_out_of_an_error_page_works_in_a_browser_without_fetch_metadata() {
    let world = World::start().await;
    let old = [("accept", "text/html")];
    for path in ["/auth/logout", "/auth/unknown", "/auth/callback", "/unknown"] {
        let mut browser = world.signed_in("alice").await;
        let mut page = browser.send(Method::GET, path, &old, "").await;
        if let Some(address) = page.leads_to() {
            page = browser.send(Method::GET, &address, &old, "").await;
        }
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        let has_a_form = page.text().contains("action=\"/auth/logout\"");
        let origin = match page.header("referrer-policy") {
            "same-origin" => ORIGIN,
            _ => "null",
        };
        let form = [&old[..], &[("origin", origin)]].concat();
        let out = browser.send(Method::POST, "/auth/logout", &form, "").await;
        assert!(
            out.status.as_u16() < 400,
            "{path}, with a form of its own: {has_a_form}: {}",
            out.status
        );
        assert_eq!(browser.session().await["status"], "anonymous", "{path}");
    }
}

/// CSRF-07
#[tokio::test]
async fn get_changes_nothing() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let answer = browser.open("/auth/logout").await;
    assert_eq!(
        (answer.status, answer.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, "POST")
    );
    assert_ne!(browser.open("/_fn/reread_claims").await.status, StatusCode::OK);
    let overridden = [&NAVIGATE[..], &[("x-http-method-override", "POST")]].concat();
    browser.send(Method::GET, "/auth/logout", &overridden, "").await;
    assert_eq!(browser.session().await["status"], "active");
}

/// CSRF-08
#[tokio::test]
async fn no_origin_is_ever_allowed() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    for origin in ["https://evil.example", "null", "https://app.example.com"] {
        for (method, path) in [
            (Method::OPTIONS, "/auth/session"),
            (Method::GET, "/auth/session"),
            (Method::GET, "/"),
        ] {
            let headers = [("origin", origin), ("access-control-request-method", "POST")];
            let answer = browser.send(method, path, &headers, "").await;
            assert!(
                !answer
                    .headers
                    .keys()
                    .any(|name| name.as_str().starts_with("access-control-"))
            );
        }
    }
}

/// SES-10
#[tokio::test]
async fn no_other_site_reads_the_session() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    for site in ["cross-site", "same-site"] {
        let headers = [("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")];
        let answer = browser.send(Method::GET, "/auth/session", &headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
        assert!(!answer.text().contains("Alice"));
    }
    assert_eq!(
        browser.send(Method::GET, "/auth/session", &FETCH, "").await.status,
        StatusCode::OK
    );
}

/// RED-05, RED-07
#[tokio::test]
async fn a_form_comes_back_to_our_own_page_only() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let headers = [
        &NAVIGATE[..],
        &[("sec-fetch-site", "same-origin"), ("referer", "https://evil.example/x")],
    ]
    .concat();
    let answer = browser.send(Method::POST, "/_fn/reread_claims", &headers, "").await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "RED-05: never 302, 307 or 308 after a POST"
    );
    assert!(
        answer.location().is_some_and(|to| to.starts_with("/profile")),
        "{:?}",
        answer.location()
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let answer = browser
        .send(Method::POST, "/_fn/reread_claims", &FETCH, &"x".repeat(70 * 1024))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["code"], "too_large");
}
