//! How large a body may be, and how long an answer may take to begin.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use axum_bff::access::{Rule, Table};
use axum_bff::config::Config;
use axum_bff::serve::{ServeError, Server};
use axum_bff::testing::{Answer, Browser, FETCH, TestBff};
use axum_bff::{ApplicationError, Bff, Builder};
use serde_json::json;
use std::time::Duration;

const USUAL: usize = 64 * 1024;
const LARGE: usize = 5 * 1024 * 1024;

const TABLE: Table = Table::new(&[
    ("/form", Rule::Public),
    ("/open", Rule::Public),
    ("/signed-out", Rule::Public),
]);

async fn size(body: Bytes) -> String {
    body.len().to_string()
}

/// Reads the body by itself, as a server function does.
async fn streamed(body: Body) -> Result<String, StatusCode> {
    let read = axum::body::to_bytes(body, usize::MAX).await;
    read.map(|body| body.len().to_string())
        .map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)
}

/// Answers after a minute.
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_mins(1)).await;
    "at last"
}

async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let builder = builder
        .access(TABLE)
        .body_limit("/photos/{album}", LARGE)
        .body_limit("/open", LARGE)
        .body_limit("/streamed", LARGE)
        .body_limit("/lowered", LARGE)
        .answer_timeout("/report", Duration::from_mins(2))
        .answer_timeout("/hooks/slow", Duration::from_mins(2))
        .for_machines(
            Router::new()
                .route("/hooks/slow", get(slow))
                .route("/hooks/usual", get(slow)),
        );
    let router = Router::new()
        .route("/", get(async || "home"))
        .route("/signed-out", get(async || "out"))
        .route("/form", post(size).get(slow))
        .route("/open", post(size))
        .route("/photos/{album}", post(size))
        .route("/streamed", post(streamed))
        .route("/lowered", post(size).layer(DefaultBodyLimit::max(10)))
        .route("/report", get(slow));
    Ok((builder.build().await?, router))
}

async fn sent(browser: &mut Browser, path: &str, size: usize) -> Answer {
    let headers = [&FETCH[..], &[("content-type", "text/plain")]].concat();
    browser.send(Method::POST, path, &headers, &"x".repeat(size)).await
}

#[tokio::test]
async fn a_route_takes_a_body_up_to_its_own_bound_and_no_longer_one() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    for path in ["/photos/7", "/open", "/streamed"] {
        let answer = sent(&mut ada, path, LARGE).await;
        assert_eq!(
            (answer.status, answer.text()),
            (StatusCode::OK, LARGE.to_string()),
            "{path}"
        );
    }
    for path in ["/photos/7", "/open"] {
        let answer = sent(&mut ada, path, LARGE + 1).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(answer.json()["code"], "too_large", "{path}");
    }
    let cut = sent(&mut ada, "/streamed", LARGE + 1).await;
    assert_eq!(
        cut.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the body breaks off for a handler of its own"
    );
    let lowered = sent(&mut ada, "/lowered", 11).await;
    assert_eq!(
        lowered.status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "the bound of the route is lower"
    );
}

#[tokio::test]
async fn the_usual_bound_of_a_body_holds_for_every_other_route_and_for_strangers() {
    let bff = TestBff::start(application).await;
    let mut stranger = bff.browser();
    assert_eq!(sent(&mut stranger, "/form", USUAL).await.text(), USUAL.to_string());
    for browser in [&mut stranger, &mut bff.signed_in(json!({}), &[]).await] {
        let answer = sent(browser, "/form", USUAL + 1).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(answer.json()["code"], "too_large");
        let answer = sent(browser, "/auth/logout", USUAL + 1).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "of the sign-in");
    }
    let refused = sent(&mut bff.browser(), "/photos/7", LARGE).await;
    assert_eq!(
        refused.status,
        StatusCode::UNAUTHORIZED,
        "a stranger's upload is not read"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_begins_within_the_bound_of_its_route_or_is_503() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    let late = ada.fetch("/form").await;
    assert_eq!(late.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(late.json()["code"], "internal");
    assert_eq!(ada.fetch("/report").await.text(), "at last");
    assert_eq!(ada.fetch("/hooks/slow").await.text(), "at last", "another machine's");
    assert_eq!(ada.fetch("/hooks/usual").await.status, StatusCode::SERVICE_UNAVAILABLE);

    let bff = TestBff::start_with(application, &[("BFF_ANSWER_TIMEOUT", "70s")]).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert_eq!(ada.fetch("/form").await.text(), "at last");
}

#[tokio::test]
async fn a_bound_for_a_path_without_a_route_stops_the_start() {
    for path in ["/photo/{album}", "/auth/login", "/hooks/slow"] {
        let settings = [("BFF_LISTEN", "127.0.0.1:0")];
        let builder = Bff::builder().settings(Config::in_memory(&settings).expect("settings"));
        let built = application(builder.body_limit(path, LARGE)).await;
        let (bff, router) = built.expect("it is built");
        let refused = Server::start(bff, router).await;
        assert!(
            matches!(refused, Err(ServeError::Bound(wrong)) if wrong == path),
            "{refused:?}"
        );
    }
}
