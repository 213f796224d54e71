//! `/auth/callback`: what it accepts, and what it refuses without changing anything.

use crate::browser::{Answer, Browser};
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault};
use std::time::Duration;

/// The shared contract of refusals (REJ): a readable 4xx or 5xx page at a clean address, no
/// session, an existing one untouched, no token request.
async fn refused(world: &World, browser: &mut Browser, answer: &Answer, code: &str) -> StatusCode {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address = answer.location().expect("a location").to_owned();
    assert!(address.starts_with("/sign-in-failed?problem="), "{address}");
    assert!(!address.contains("code=") && !address.contains("state="));
    assert!(answer.set_cookies().is_empty(), "no cookie is set or removed");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let page = browser.open(&address).await;
    assert!(page.status.is_client_error() || page.status.is_server_error());
    assert!(page.text().contains(code), "{code} is not on the page: {}", page.text());
    assert!(
        page.text().contains(answer.header("x-request-id")),
        "the correlation id is on the page"
    );
    assert!(
        world.provider.calls_to(Endpoint::Token).is_empty(),
        "no token request was made"
    );
    page.status
}

#[tokio::test]
async fn cb_01_no_foreign_altered_or_repeated_state_gets_anywhere() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    let (before, state) = callback.split_once("state=").expect("a state");
    let state = state.split('&').next().expect("a state");
    let altered = format!("{before}state={}x", &state[..state.len() - 1]);
    let cases = [
        (callback.replace(&format!("state={state}"), ""), "callback_malformed"),
        (callback.replace(state, ""), "callback_malformed"),
        (format!("{callback}&state={state}"), "callback_malformed"),
        (altered, "login_unknown"),
        ("/auth/callback?code=abc&state=abc".to_owned(), "login_unknown"),
        ("/auth/callback".to_owned(), "callback_malformed"),
    ];
    for (address, code) in cases {
        let answer = browser.open(&address).await;
        assert_eq!(
            refused(&world, &mut browser, &answer, code).await,
            StatusCode::BAD_REQUEST,
            "{address}"
        );
    }
    let landing = browser.open(&callback).await;
    assert_eq!(
        landing.location(),
        Some("/profile"),
        "CB-09: the login itself is still good"
    );
}

#[tokio::test]
async fn cb_02_a_callback_works_in_no_other_browser() {
    let world = World::start().await;
    let callback = world
        .browser()
        .callback_address(&world.provider, "alice", "/profile")
        .await;
    let mut victim = world.browser();
    let answer = victim.open(&callback).await;
    refused(&world, &mut victim, &answer, "login_unknown").await;
    victim.open("/auth/login").await;
    let answer = victim.open(&callback).await;
    refused(&world, &mut victim, &answer, "login_unknown").await;
    assert_eq!(victim.session().await["status"], "anonymous");
}

#[tokio::test]
async fn cb_03_concurrent_callbacks_on_two_replicas_redeem_the_code_once() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    let (one, two) = (browser.clone(), browser.at(world.replica().await));
    let tries = (0..20).map(|number| {
        let (mut browser, callback) = (
            if number % 2 == 0 { one.clone() } else { two.clone() },
            callback.clone(),
        );
        tokio::spawn(async move { browser.open(&callback).await })
    });
    let mut sessions = 0;
    for task in tries.collect::<Vec<_>>() {
        let cookies = task.await.expect("no panic").set_cookies();
        sessions += cookies.iter().filter(|cookie| cookie.contains("session=")).count();
    }
    assert_eq!(sessions, 1);
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 1);
}

#[tokio::test]
async fn cb_03_the_back_button_leads_a_signed_in_person_on() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    browser.open(&callback).await;
    let again = browser.open(&callback).await;
    assert_eq!(
        (again.status, again.location()),
        (StatusCode::SEE_OTHER, Some("/profile"))
    );
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 1);
}

/// Follows an answer to the provider and back.
async fn round(world: &World, browser: &mut Browser, answer: &Answer) -> Answer {
    let address = answer.location().expect("the provider's address");
    assert!(address.starts_with(world.provider.issuer()), "{address}");
    let back = world.provider.authorize(address, "alice").await;
    browser.open(back.as_str()).await
}

/// Invariant 8: for who is not signed in, a login that cannot be finished any more begins anew, once.
#[tokio::test]
async fn cb_03_authz_07_a_login_that_was_used_or_took_too_long_begins_anew_once() {
    let world = World::start().await;
    for late in [Duration::ZERO, Duration::from_secs(15 * 60 + 1)] {
        let mut browser = world.browser();
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        let code = if late.is_zero() {
            browser.open(&callback).await;
            browser.cookies.remove("__Host-Http-session");
            "login_spent"
        } else {
            world.advance(late);
            "login_expired"
        };
        world.provider.forget_calls();
        let anew = browser.open(&callback).await;
        assert!(
            world.provider.calls().is_empty(),
            "{code}: nothing is sent for the old one"
        );
        let mut impatient = browser.clone();
        let landing = round(&world, &mut browser, &anew).await;
        assert_eq!(landing.location(), Some("/profile"), "{code}");
        assert_eq!(browser.session().await["status"], "active");

        // The second one is late as well.
        let address = anew.location().expect("the provider's address");
        let back = world.provider.authorize(address, "alice").await;
        world.advance(Duration::from_secs(15 * 60 + 1));
        world.provider.forget_calls();
        let answer = impatient.open(back.as_str()).await;
        refused(&world, &mut impatient, &answer, "login_expired").await;
    }
}

/// What the provider refused is told, and not asked for again.
#[tokio::test]
async fn a_refusal_that_comes_too_late_begins_nothing_anew() {
    let world = World::start().await;
    world.inject(Fault::AuthorizationError("access_denied", String::new()));
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    world.advance(Duration::from_secs(15 * 60 + 1));
    let answer = browser.open(&callback).await;
    refused(&world, &mut browser, &answer, "login_expired").await;
}

/// A browser that keeps the login's cookie and not the session's.
#[tokio::test]
async fn cb_14_logins_that_go_round_in_a_circle_end_on_a_page_that_says_why() {
    let world = World::start().await;
    let mut browser = world.browser();
    for round in 0..3 {
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{round}");
        browser.cookies.remove("__Host-Http-session");
    }
    world.provider.forget_calls();
    let stopped = browser.open("/auth/login?return_to=/profile").await;
    assert_eq!(stopped.status, StatusCode::BAD_REQUEST);
    assert_eq!(stopped.location(), None);
    assert!(stopped.text().contains("login_loop"), "{}", stopped.text());
    assert!(
        stopped.text().contains(stopped.header("x-request-id")),
        "the correlation id"
    );
    assert!(world.provider.calls().is_empty());

    world.advance(Duration::from_mins(1));
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "after a pause");
}

#[tokio::test]
async fn cb_14_who_signs_in_and_out_or_signs_in_again_goes_round_in_no_circle() {
    let world = World::start().await;
    let mut browser = world.browser();
    for round in 0..5 {
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{round}");
    }
    for round in 0..5 {
        browser.submit("/auth/logout").await;
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{round}");
    }
}

#[tokio::test]
async fn cb_04_malformed_responses_are_refused_and_unknown_parameters_ignored() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/").await;
    for more in [
        "&code=b",
        "&error=access_denied",
        "&iss=https://evil",
        "&access_token=x",
        "&id_token=x",
    ] {
        let answer = browser.open(&format!("{callback}{more}")).await;
        refused(&world, &mut browser, &answer, "callback_malformed").await;
    }
    let landing = browser.open(&format!("{callback}&session_state=x&foo=bar")).await;
    assert_eq!(landing.location(), Some("/"));
}

#[tokio::test]
async fn cb_05_cb_06_an_answer_of_another_issuer_or_of_none_is_refused() {
    for fault in [
        Fault::AuthorizationParameter("iss", "https://evil.example".to_owned()),
        Fault::AuthorizationWithoutParameter("iss"),
    ] {
        let world = World::start().await;
        world.inject(fault);
        let mut browser = world.browser();
        let answer = browser.sign_in(&world.provider, "alice", "/").await;
        refused(&world, &mut browser, &answer, "issuer").await;
    }
}

#[tokio::test]
async fn cb_07_an_error_of_the_provider_is_said_in_our_words() {
    for code in [
        "access_denied",
        "login_required",
        "consent_required",
        "temporarily_unavailable",
        "made_up",
    ] {
        let world = World::start().await;
        let mut browser = world.signed_in("alice").await;
        world.provider.forget_calls();
        world.inject(Fault::AuthorizationError(
            code,
            "<script>alert(1)</script>\r\nX: y".to_owned(),
        ));
        let answer = browser.sign_in(&world.provider, "alice", "/").await;
        let known = if code == "made_up" { "provider_error" } else { code };
        let address = answer.location().expect("a location").to_owned();
        refused(&world, &mut browser, &answer, known).await;
        let page = browser.open(&address).await.text();
        assert!(
            !page.contains("alert(1)") && !page.contains("made_up"),
            "CB-08: nothing is reflected"
        );
        assert_eq!(browser.session().await["status"], "active", "the session is untouched");
    }
}

#[tokio::test]
async fn cb_09_a_forged_error_signs_nobody_out() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    world.provider.forget_calls();
    let answer = browser.open("/auth/callback?error=access_denied").await;
    refused(&world, &mut browser, &answer, "callback_malformed").await;
    let answer = browser.open("/auth/callback?error=access_denied&state=x").await;
    refused(&world, &mut browser, &answer, "login_unknown").await;
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn cb_12_cb_13_a_login_replaces_the_session_before_it() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let mut before = browser.clone();
    browser.sign_in(&world.provider, "bob", "/").await;
    assert_ne!(
        before.cookies["__Host-Http-session"],
        browser.cookies["__Host-Http-session"]
    );
    assert_eq!(before.session().await["reason"], "signed_out", "the old id is dead");
    let text = browser.session().await.to_string();
    assert!(text.contains("Bob") && !text.contains("Alice"));
}

#[tokio::test]
async fn cb_15_only_get_is_served() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/").await;
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let headers = [("sec-fetch-site", "same-origin")];
        let answer = browser.send(method.clone(), &callback, &headers, "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(browser.open(&callback).await.location(), Some("/"));
}

#[tokio::test]
async fn cb_16_a_code_of_4_kb_is_sent_on_and_one_of_60_kb_is_refused() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.inject(Fault::AuthorizationParameter("code", "c".repeat(60 * 1024)));
    let callback = browser.callback_address(&world.provider, "alice", "/").await;
    let answer = browser.open(&callback).await;
    refused(&world, &mut browser, &answer, "callback_malformed").await;

    world.provider.heal();
    world.inject(Fault::AuthorizationParameter("code", "c".repeat(4 * 1024)));
    browser.sign_in(&world.provider, "alice", "/").await;
    let sent = world.provider.calls_to(Endpoint::Token);
    assert_eq!(sent[0].parameter("code").map(str::len), Some(4 * 1024));
}

#[tokio::test]
async fn authz_06_two_tabs_finish_in_any_order() {
    let world = World::start().await;
    let mut browser = world.browser();
    let first = browser.callback_address(&world.provider, "alice", "/profile").await;
    let second = browser.callback_address(&world.provider, "alice", "/").await;
    assert_eq!(browser.open(&first).await.location(), Some("/profile"));
    assert_eq!(browser.open(&second).await.location(), Some("/"));
}

#[tokio::test]
async fn any_replica_finishes_a_login() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    let mut elsewhere = browser.at(world.replica().await);
    assert_eq!(elsewhere.open(&callback).await.location(), Some("/profile"));
    browser.cookies = elsewhere.cookies.clone();
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn what_sign_in_failed_says_cannot_be_chosen_by_a_link() {
    let world = World::start().await;
    let page = world
        .browser()
        .open("/sign-in-failed?problem=forged&code=access_denied")
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(!page.text().contains("access_denied") && !page.text().contains("forged"));
}
