//! The requests that the back channel accepts, and its answers (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8).

use super::{PATH, form, post};
use crate::api::{Served, streamed};
use crate::world::World;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use provider::LogoutTokenParts;
use serde_json::json;
use tokio::sync::mpsc;
use tower::ServiceExt;

/// LO-12
#[tokio::test]
async fn only_a_form_with_one_token_is_taken() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    let token = || world.provider.logout_token(LogoutTokenParts::of_subject(&subject));
    let get = world
        .browser()
        .send(Method::GET, &format!("{PATH}?{}", form(&token())), &[], "")
        .await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    for body in [
        String::new(),
        "logout_token=".to_owned(),
        "logout_token=garbage".to_owned(),
        format!("{}&{}", form(&token()), form(&token())),
        json!({"logout_token": token()}).to_string(),
    ] {
        assert_eq!(post(&world, &body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let mut other_type = world.browser();
    let request = axum::http::Request::post(PATH).header("content-type", "text/plain");
    let answer = other_type.send_request(request, form(&token())).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(alice.session().await["status"], "active");
    let extra = format!("foo=bar&{}&state=1", form(&token()));
    assert_eq!(
        post(&world, &extra).await.status,
        StatusCode::OK,
        "other parameters are ignored"
    );
    assert_eq!(alice.session().await["reason"], "provider");
}

/// LO-20
#[tokio::test]
async fn a_logout_that_cannot_be_carried_out_is_a_503_and_the_token_works_later() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    let token = form(&world.provider.logout_token(LogoutTokenParts::of_subject(&subject)));
    world.redis.kill();
    let answer = post(&world, &token).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "400 would say that the token is bad"
    );
    assert_eq!(
        (answer.header("retry-after"), answer.header("cache-control")),
        ("5", "no-store")
    );
    assert_eq!(answer.json(), json!({"error": "temporarily_unavailable"}));
    world.redis.resume();
    world
        .until("the provider tries again", async || {
            post(&world, &token).await.status == StatusCode::OK
        })
        .await;
    assert_eq!(alice.session().await["reason"], "provider");
}

/// LO-20
#[tokio::test]
async fn a_request_that_does_not_arrive_is_a_400_too() {
    let world = World::start().await;
    let router = world.replica().await;
    let (feed, waiting) = mpsc::channel(1);
    feed.send("logout_token=").await.expect("space in the channel");
    let request = Request::post(PATH)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(streamed(waiting))
        .expect("a request");
    // Paused time moves on while every task waits, so the request comes to its time limit at once.
    tokio::time::pause();
    let answer = router.oneshot(request).await.expect("the router answers");
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    assert_eq!(body, r#"{"error":"invalid_request"}"#);
}

/// The refusal as Back-Channel Logout §2.8 demands it.
fn assert_refused(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    for part in [
        "content-type: application/json\r\n",
        "cache-control: no-store\r\n",
        "{\"error\":\"invalid_request\"}",
    ] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
}

/// LO-12, LO-20
#[tokio::test]
async fn a_request_that_is_too_large_is_a_400_like_any_other() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let subject = world.provider.subject("alice");
    let token = form(&world.provider.logout_token(LogoutTokenParts::of_subject(&subject)));
    let large = format!("{token}&x={}", "x".repeat(64 * 1024));
    let head = |framing: &str| {
        format!(
            "POST {PATH} HTTP/1.1\r\nhost: app.example.com\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\n{framing}\r\n\r\n"
        )
    };
    let declared = head(&format!("content-length: {}", large.len())) + &large;
    let chunked = head("transfer-encoding: chunked") + &format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let announced = head("content-length: 1000000000");
    for request in [declared, chunked, announced] {
        assert_refused(&bff.raw(&request).await);
    }
    let cut = bff.raw(&(head("transfer-encoding: chunked") + "no chunk\r\n")).await;
    assert_refused(&cut);
    assert_eq!(alice.session().await["status"], "active");
    let fits = format!("{token}&x={}", "x".repeat(60 * 1024));
    assert_eq!(post(&world, &fits).await.status, StatusCode::OK);
    assert_eq!(alice.session().await["reason"], "provider");
}
