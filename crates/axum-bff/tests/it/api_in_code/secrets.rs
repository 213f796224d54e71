//! Invariant 1: the token of a call that code makes leaves the process for the API only.

use super::signed_in;
use crate::api::{Api, world};
use crate::browser::FETCH;
use crate::leaks::Log;
use crate::world::{EXPIRED, REFRESHING};
use axum::http::Method;
use axum::response::IntoResponse;

/// SES-09, SES-13
///
/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn no_token_is_in_what_a_handler_shows_or_in_the_log() {
    let (log, _guard) = Log::catch();
    // The API repeats the token that it got, in the head and in the body of its answer.
    let api = Api::start(|call| {
        let token = call.header("authorization").to_owned();
        let quoted = format!("\"{token}\"");
        (
            [("x-token", token), ("content-type", "application/json".to_owned())],
            quoted,
        )
            .into_response()
    })
    .await;
    let settings = [("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "2h")];
    let world = world(&api.served.url(), &settings).await;
    let mut browser = signed_in(&world, "alice").await;
    let mut answers = Vec::new();
    for _ in 0..2 {
        for path in [
            "/code/shown",
            "/code/strict",
            "/code/many",
            "/code/unknown",
            "/code/orders/..%2f",
        ] {
            answers.push(browser.fetch(path).await);
            answers.push(browser.open(path).await);
        }
        answers.push(
            browser
                .send(Method::POST, "/code/upload", &FETCH, &"x".repeat(2 << 20))
                .await,
        );
        world.advance(EXPIRED);
    }
    // Code that takes the token itself gets it. The log says that it did, and does not hold the token.
    let exposed = browser.fetch("/code/exposed").await.text();
    let secrets = world.provider.issued_secrets();
    assert!(
        secrets.contains(&exposed),
        "the exposed token is one of the secrets that are searched for"
    );
    let calls = api.calls();
    assert!(calls.iter().all(|call| {
        secrets
            .iter()
            .any(|it| call.header("authorization").ends_with(it.as_str()))
    }));
    assert!(calls.iter().all(|call| call.header("cookie").is_empty()));
    for secret in &secrets {
        for answer in &answers {
            let all = format!("{:?} {}", answer.headers, answer.text());
            assert!(!all.contains(secret.as_str()), "{all}");
        }
        assert!(!log.text().contains(secret.as_str()), "a secret is in the log");
    }
    let shown = answers[0].text();
    assert!(shown.contains("orders") && shown.contains("200"), "{shown}");
    for code in [
        "upstream_malformed",
        "api_unknown",
        "path_refused",
        "too_large",
        "access_token_exposed",
    ] {
        assert!(log.text().contains(code), "the log was caught: {code}");
    }
}
