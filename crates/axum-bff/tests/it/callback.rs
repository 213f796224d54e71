//! `/auth/callback`: the responses that it accepts, and those that it refuses without changing anything.

mod closed;
mod landing;
mod late;
mod once;
mod response;
mod store_away;

use crate::browser::Browser;
use crate::rejection::{MARK, Reached, Refusal, is_rejected};
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault};

/// Opens the callback, and expects a refusal with this problem code before the provider is called. Gives the page's
/// status.
async fn refused(world: &World, browser: &mut Browser, callback: &str, code: &str) -> StatusCode {
    refused_at(world, browser, callback, (code, Reached::Nothing)).await
}

async fn refused_at(
    world: &World,
    browser: &mut Browser,
    callback: &str,
    (code, reached): (&str, Reached),
) -> StatusCode {
    let refusal = Refusal {
        name: callback,
        code,
        reached,
    };
    is_rejected(world, browser, callback, refusal).await.status
}

/// CB-01, CB-09
#[tokio::test]
async fn no_foreign_altered_or_repeated_state_gets_anywhere() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
    let others = world.browser().callback_address(&world.provider, "alice", "/").await;
    let state_of = |callback: &str| {
        let (_, state) = callback.split_once("state=").expect("a state");
        state.split('&').next().expect("a state").to_owned()
    };
    let state = state_of(&callback);
    let other = if state.starts_with('x') { 'y' } else { 'x' };
    let altered = format!("{other}{}", &state[1..]);
    let cases = [
        (
            callback.replace(&format!("state={state}"), ""),
            "callback_state_missing",
        ),
        (callback.replace(&state, ""), "callback_state_missing"),
        (format!("{callback}&state={state}"), "callback_duplicate_parameter"),
        (format!("{callback}&state="), "callback_duplicate_parameter"),
        (callback.replace(&state, &altered), "login_unknown"),
        (callback.replace(&state, &state_of(&others)), "login_unknown"),
        (format!("/auth/callback?code={MARK}&state={MARK}"), "login_unknown"),
        ("/auth/callback".to_owned(), "callback_state_missing"),
    ];
    for (address, code) in cases {
        let status = refused(&world, &mut browser, &address, code).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{address}");
    }
    let landing = browser.open(&callback).await;
    assert_eq!(
        landing.location(),
        Some("/profile"),
        "CB-09: the login can still be finished"
    );
}

/// CB-02
#[tokio::test]
async fn a_callback_works_in_no_other_browser() {
    let world = World::start().await;
    let callback = world
        .browser()
        .callback_address(&world.provider, "alice", "/profile")
        .await;
    let mut victim = world.browser();
    refused(&world, &mut victim, &callback, "login_unknown").await;
    victim.open("/auth/login").await;
    refused(&world, &mut victim, &callback, "login_unknown").await;
    assert_eq!(victim.session().await["status"], "anonymous");
    let mut bob = world.signed_in("bob").await;
    refused(&world, &mut bob, &callback, "login_unknown").await;
}

/// CB-04, CB-10
#[tokio::test]
async fn malformed_responses_are_refused_and_unknown_parameters_ignored() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/").await;
    let cases = [
        ("&code=b", "callback_duplicate_parameter"),
        ("&error=access_denied", "callback_code_and_error"),
        ("&iss=https://evil", "callback_duplicate_parameter"),
        ("&access_token=hostile-7c1e", "callback_token"),
        ("&id_token=hostile-7c1e", "callback_token"),
        ("&response=hostile-7c1e", "callback_token"),
    ];
    for (more, code) in cases {
        refused(&world, &mut browser, &format!("{callback}{more}"), code).await;
    }
    let landing = browser.open(&format!("{callback}&session_state=x&foo=bar")).await;
    assert_eq!(landing.location(), Some("/"));
}

/// CB-15
#[tokio::test]
async fn only_get_is_served() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/").await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::HEAD] {
        let headers = [("sec-fetch-site", "same-origin")];
        let answer = browser.send(method.clone(), &callback, &headers, "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(browser.open(&callback).await.location(), Some("/"));
}

/// CB-16
#[tokio::test]
async fn a_code_of_4_kb_is_sent_on_and_one_of_60_kb_is_refused() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.inject(Fault::AuthorizationParameter("code", "c".repeat(60 * 1024)));
    let callback = browser.callback_address(&world.provider, "alice", "/").await;
    refused(&world, &mut browser, &callback, "callback_parameter_too_long").await;

    world.provider.heal();
    world.inject(Fault::AuthorizationParameter("code", "c".repeat(4 * 1024)));
    browser.sign_in(&world.provider, "alice", "/").await;
    let sent = world.provider.calls_to(Endpoint::Token);
    assert_eq!(sent[0].parameter("code").map(str::len), Some(4 * 1024));
}

#[tokio::test]
async fn a_link_cannot_choose_the_words_of_the_page_of_a_failed_sign_in() {
    let world = World::start().await;
    let page = world
        .browser()
        .open("/sign-in-failed?problem=forged&code=access_denied")
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(!page.text().contains("access_denied") && !page.text().contains("forged"));
}
