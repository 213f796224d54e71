//! The session that a handler gets.

use crate::{application, me};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use axum_bff::testing::TestBff;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn pages_see_the_claims_that_the_settings_let_through() {
    let bff = TestBff::start_with(application, &[("BFF_CLAIMS", "level")]).await;
    let mut ada = bff
        .signed_in(json!({"sub": "ada", "level": 3, "name": "Ada"}), &[])
        .await;
    assert_eq!(
        ada.fetch("/auth/session").await.json()["claims"],
        json!({"sub": "ada", "level": 3})
    );
}

#[tokio::test]
async fn the_session_of_a_handler_has_the_claims_as_its_type() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({"sub": "ada", "name": "Ada"}), &["staff"]).await;
    let told = ada.fetch("/me").await.json();
    assert_eq!(told, json!({"name": "Ada", "subject": "ada", "roles": ["staff"]}));
    assert_eq!(ada.fetch("/who").await.text(), "ada");
    assert_eq!(bff.browser().fetch("/who").await.text(), "nobody");
    assert_eq!(bff.browser().fetch("/me").await.status, StatusCode::UNAUTHORIZED);
    let mut nameless = bff.signed_in(json!({"sub": "bob"}), &[]).await;
    let refused = nameless.fetch("/me").await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::FORBIDDEN, &json!("claim_missing"))
    );
}

/// AUTHZ-11
#[tokio::test]
async fn a_handler_asks_for_a_step_up_by_itself() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert_eq!(ada.open("/danger").await.text(), "done");
    bff.clock().advance(Duration::from_secs(61));
    let led = ada.open("/danger").await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    let told = ada.fetch("/danger").await;
    assert_eq!(
        (told.status, &told.json()["code"]),
        (StatusCode::UNAUTHORIZED, &json!("step_up_required"))
    );
}

#[tokio::test]
async fn a_handler_outside_of_the_layer_gets_no_session() {
    use tower::ServiceExt;
    let unlayered: Router = Router::new().route("/me", get(me));
    let request = axum::http::Request::get("/me")
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = unlayered.oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
