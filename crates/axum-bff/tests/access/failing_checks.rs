//! A check that hangs, panics or fails lets nobody through. The answer is 503, as in an outage.

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::access::Table;
use axum_bff::testing::{FakeApi, TestBff};
use axum_bff::{ApplicationError, Bff, Builder, Session, access};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const TABLE: Table = access! { "/page" => All(&[Check("first"), Check("second")]) };

async fn answered(kind: &'static str) -> Result<bool, ApplicationError> {
    assert_ne!(kind, "panics", "on purpose");
    match kind {
        "hangs" => std::future::pending().await,
        "fails" => Err("the database with the canary is away".into()),
        kind => Ok(kind == "true"),
    }
}

/// An application with checks of these kinds, and the number of times that it made its page.
async fn start(first: &'static str, second: &'static str) -> (TestBff, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let builder = builder.access(TABLE);
        let builder = builder
            .check("first", move || answered(first))
            .check("second", move || answered(second));
        let page = get(async move || {
            count.fetch_add(1, Ordering::Relaxed);
            "the page"
        });
        Ok((builder.build().await?, Router::new().route("/page", page)))
    };
    (TestBff::start(application).await, made)
}

#[tokio::test]
async fn a_check_without_an_answer_is_an_outage_with_a_code_and_no_permission() {
    for (first, second) in [
        ("hangs", "true"),
        ("true", "hangs"),
        ("panics", "true"),
        ("true", "panics"),
        ("fails", "true"),
        ("true", "fails"),
    ] {
        let (bff, made) = start(first, second).await;
        let mut ada = bff.signed_in(json!({}), &[]).await;
        let asking = ada.fetch("/page");
        tokio::pin!(asking);
        let mut waited = 0;
        let answer = loop {
            match tokio::time::timeout(Duration::from_millis(100), &mut asking).await {
                Ok(answer) => break answer,
                Err(_) => bff.clock().advance(Duration::from_secs(1)),
            }
            waited += 1;
            assert!(waited < 20, "{first} {second}: the check has no time limit");
        };
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (StatusCode::SERVICE_UNAVAILABLE, &json!("check_unavailable")),
            "{first} {second}"
        );
        assert!(!answer.header("retry-after").is_empty());
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        assert_eq!(made.load(Ordering::Relaxed), 0, "{first} {second}");
        if first == "hangs" || second == "hangs" {
            assert_eq!(waited, 5, "a check is given up after five seconds");
        }
    }
}

#[tokio::test]
async fn a_request_that_is_refused_already_asks_no_further_check() {
    let (bff, made) = start("false", "panics").await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert_eq!(ada.fetch("/page").await.status, StatusCode::FORBIDDEN);
    assert_eq!(made.load(Ordering::Relaxed), 0);
    let (bff, made) = start("true", "true").await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert_eq!(ada.fetch("/page").await.text(), "the page");
    assert_eq!(made.load(Ordering::Relaxed), 1);
}

/// A check may call an API or demand a fresh authentication. The answer then has the code of that error, and not the
/// code of a failed check.
#[tokio::test]
async fn an_error_of_ours_in_a_check_is_said_as_it_is() {
    async fn allowed(session: Session) -> Result<bool, ApplicationError> {
        session.require(axum_bff::access::Rule::Fresh(60))?;
        let rights = session.api("rights")?;
        Ok(rights.get("/may").send().await?.error_for_status()?.json().await?)
    }
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let table = access! { "/page" => Check("allowed") };
        let bff = builder.access(table).check("allowed", allowed).build().await?;
        Ok((bff, Router::new().route("/page", get(async || "the page"))))
    };
    let rights = FakeApi::start("rights", |_| Json(true)).await;
    let bff = TestBff::start_with(application, &rights.settings()).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert_eq!(ada.fetch("/page").await.text(), "the page");
    rights.answer(|_| Json(false));
    assert_eq!(ada.fetch("/page").await.json()["code"], "forbidden");
    rights.answer(|_| StatusCode::IM_A_TEAPOT);
    let answer = ada.fetch("/page").await;
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (StatusCode::BAD_GATEWAY, &json!("upstream_status"))
    );
    bff.clock().advance(Duration::from_secs(61));
    assert_eq!(ada.fetch("/page").await.json()["code"], "step_up_required");
}
