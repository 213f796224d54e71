//! The application's pages and problem pages.

use crate::{TABLE, application, problem, routes};
use axum::Router;
use axum::extract::Extension;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use axum_bff::problem::Problem;
use axum_bff::testing::TestBff;
use axum_bff::{ApplicationError, Bff, Builder};
use serde_json::json;

/// HDR-11
#[tokio::test]
async fn a_handler_that_panics_is_a_page_that_tells_nothing() {
    async fn broken() -> &'static str {
        panic!("canary of a panic")
    }
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let router = routes().route("/broken", get(broken));
        Ok((builder.problem_page(problem).build().await?, router))
    };
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    let page = ada.open("/broken").await;
    let told = ada.fetch("/broken").await;
    for answer in [&page, &told] {
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
    assert_eq!(told.json()["code"], "internal");
    assert!(
        page.text().contains("internal"),
        "the application's own problem page shows the code"
    );
    assert_eq!(
        ada.fetch("/mine").await.text(),
        "the report",
        "the next request is served"
    );
}

/// HDR-02
///
/// A response that brings its own Content-Security-Policy keeps it. A response that is no page may run nothing.
#[tokio::test]
async fn a_page_without_a_policy_runs_its_own_files_and_nothing_inline() {
    use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
    const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let typed = |kind: &'static str| get(async move || ([(CONTENT_TYPE, kind)], "<p>content</p>"));
        let own = get(async || ([(CONTENT_TYPE, "text/html"), (CONTENT_SECURITY_POLICY, "sandbox")], ""));
        let router = Router::new()
            .route("/page", typed("text/html; charset=utf-8"))
            .route("/shouted", typed("Text/HTML"))
            .route("/text", typed("text/plain"))
            .route("/drawing", typed("image/svg+xml"))
            .route("/own", own);
        Ok((builder.build().await?, router))
    };
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    for path in ["/page", "/shouted"] {
        let page = ada.open(path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' "),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("nonce") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
    for (path, policy) in [("/text", NOTHING), ("/drawing", NOTHING), ("/own", "sandbox")] {
        assert_eq!(ada.open(path).await.header("content-security-policy"), policy, "{path}");
    }
    // The library itself makes the page that leads on from a sign-out, and that page loads nothing.
    let onward = ada.submit("/auth/logout").await;
    assert_eq!(onward.header("content-security-policy"), NOTHING);
    assert_eq!(onward.header("referrer-policy"), "no-referrer");
}

/// CSRF-04, HDR-01
///
/// A browser without Fetch Metadata sends `Origin: null` with a form of a page whose policy is `no-referrer`. So the
/// problem page, which may have forms, has `same-origin`.
#[tokio::test]
async fn the_problem_page_of_an_auth_route_is_a_page_of_the_application() {
    let html = async |Extension(problem): Extension<Problem>| axum::response::Html(problem.code);
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        Ok((builder.problem_page(html).build().await?, routes()))
    };
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    for path in ["/auth/logout", "/auth/unknown"] {
        let page = ada.open(path).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' "),
            "{path}: {policy}"
        );
    }
    let told = ada.fetch("/auth/logout").await;
    assert_eq!(
        told.header("referrer-policy"),
        "no-referrer",
        "a problem document for a script is no page"
    );
}

#[tokio::test]
async fn an_application_without_a_page_for_problems_has_a_plain_one() {
    let plain = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        Ok((builder.access(TABLE).build().await?, routes()))
    };
    let bff = TestBff::start(plain).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    let page = ada.open("/report").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text().contains("Forbidden") && page.text().contains("forbidden"),
        "{}",
        page.text()
    );
}

/// HDR-01
#[tokio::test]
async fn pages_may_load_what_the_settings_name() {
    let page = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let html = get(async || axum::response::Html("<p>a page</p>"));
        Ok((builder.access(TABLE).build().await?, routes().route("/page", html)))
    };
    let sources = "img-src https://cdn.example.com; frame-src https://video.example.com";
    let bff = TestBff::start_with(page, &[("BFF_PAGE_SOURCES", sources)]).await;
    let page = bff.signed_in(json!({}), &[]).await.open("/page").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("img-src 'self' data: https://cdn.example.com;"),
        "{policy}"
    );
    assert!(
        policy.ends_with("object-src 'none'; frame-src https://video.example.com"),
        "{policy}"
    );
}

#[tokio::test]
async fn an_error_that_a_handler_says_in_json_reaches_the_script() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    let made = ada.send_json(Method::POST, "/members", &json!({"name": "Ada"})).await;
    assert_eq!(
        (made.status, made.json()),
        (StatusCode::CREATED, json!({"name": "Ada"}))
    );
    let refused = ada.send_json(Method::POST, "/members", &json!({"name": 7})).await;
    assert_eq!(
        (refused.status, refused.json()),
        (StatusCode::CONFLICT, json!({"field": "name"}))
    );
    assert_eq!(
        refused.header("cache-control"),
        "no-store",
        "the headers of every answer are there"
    );
    // The text that axum gives for a body that it cannot read names parts of the program.
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let unread = ada.send(Method::POST, "/members", &headers, "no JSON").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    assert_eq!(unread.header("content-type"), "application/problem+json");
}
