//! A page whose script has failed reports that with `POST /auth/page-failed`.

use crate::browser::FETCH;
use crate::leaks::Log;
use crate::world::World;
use axum::http::{Method, StatusCode};

const PATH: &str = "/auth/page-failed";

#[tokio::test]
async fn a_page_that_failed_is_a_coded_line_without_content() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut stranger = world.browser();
    let (log, _guard) = Log::catch();
    for (query, at) in [
        ("?at=start", "start"),
        ("?at=hydration", "hydration"),
        ("?at=later", "later"),
        ("?at=alice%0A%3Cscript%3Esecret-of-a-person", "later"),
        ("", "later"),
    ] {
        for browser in [&mut alice, &mut stranger] {
            let before = log.text().len();
            let answer = browser
                .send(Method::POST, &format!("{PATH}{query}"), &FETCH, "secret-of-a-person")
                .await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            assert!(!answer.headers.contains_key("set-cookie"));
            let told = log.text()[before..].to_owned();
            let lines: Vec<_> = told.lines().filter(|line| line.contains("page_failed")).collect();
            assert_eq!(lines.len(), 1, "{told}");
            assert!(
                lines[0].contains("WARN") && lines[0].contains(&format!("at=\"{at}\"")),
                "{told}"
            );
            assert!(!told.contains("secret-of-a-person"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_page_that_failed_is_heard_from_our_own_pages_and_as_often_as_strangers_are() {
    let world = World::start().await;
    let mut stranger = world.browser();
    let foreign = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
    let answer = stranger.send(Method::POST, PATH, &foreign, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = stranger.fetch(PATH).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let (log, _guard) = Log::catch();
    let mut refused = 0;
    for _ in 0..220 {
        let answer = stranger.send(Method::POST, PATH, &FETCH, "").await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    let lines = log
        .text()
        .lines()
        .filter(|line| line.contains("\"page_failed\""))
        .count();
    assert_eq!((lines, refused), (200, 20), "one address may send 200 at once");
}
