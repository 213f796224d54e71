//! `/auth/callback`: what it accepts, and what it refuses without changing anything.

use crate::browser::Browser;
use crate::rejection::{MARK, Reached, Refusal, is_rejected};
use crate::world::World;
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault};

/// Opens the callback, which is refused with this code before anything comes of it, and gives the page's status.
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

#[tokio::test]
async fn cb_01_no_foreign_altered_or_repeated_state_gets_anywhere() {
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
    refused(&world, &mut victim, &callback, "login_unknown").await;
    victim.open("/auth/login").await;
    refused(&world, &mut victim, &callback, "login_unknown").await;
    assert_eq!(victim.session().await["status"], "anonymous");
    let mut bob = world.signed_in("bob").await;
    refused(&world, &mut bob, &callback, "login_unknown").await;
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

#[tokio::test]
async fn cb_04_cb_10_malformed_responses_are_refused_and_unknown_parameters_ignored() {
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

#[tokio::test]
async fn cb_05_cb_06_an_answer_of_another_issuer_or_of_none_is_refused() {
    let world = World::start().await;
    let issuer = world.provider.issuer().to_owned();
    let other = "authorization_response_issuer";
    let cases = [
        (Some(format!("https://{MARK}.example")), other),
        (Some(format!("{issuer}/")), other),
        (Some(issuer.to_uppercase()), other),
        (Some(String::new()), other),
        (None, "authorization_response_issuer_missing"),
    ];
    let responses = [
        Fault::AuthorizationExtraParameter("session_state", "x".to_owned()),
        Fault::AuthorizationError("access_denied", MARK.to_owned()),
    ];
    for (iss, code) in cases {
        for response in &responses {
            let mut browser = world.signed_in("alice").await;
            world.inject(response.clone());
            world.inject(match iss.clone() {
                Some(iss) => Fault::AuthorizationParameter("iss", iss),
                None => Fault::AuthorizationWithoutParameter("iss"),
            });
            let callback = browser.callback_address(&world.provider, "bob", "/").await;
            let status = refused_at(&world, &mut browser, &callback, (code, Reached::Login)).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{iss:?} {response:?}");
            world.provider.heal();
        }
    }
}

/// Where the provider does not announce it, `iss` may be missing, and is held against the issuer where it is there.
#[tokio::test]
async fn cb_06_iss_may_be_missing_where_it_is_not_announced() {
    let world = World::start().await;
    world.inject(Fault::MetadataWithoutMember(
        "authorization_response_iss_parameter_supported",
    ));
    world.signed_in("alice").await;
    world.inject(Fault::AuthorizationWithoutParameter("iss"));
    let mut browser = world.signed_in("alice").await;
    let callback = browser.callback_address(&world.provider, "bob", "/").await;
    let callback = format!("{callback}&iss=https://evil.example");
    let expected = ("authorization_response_issuer", Reached::Login);
    refused_at(&world, &mut browser, &callback, expected).await;
}

#[tokio::test]
async fn cb_07_cb_08_an_error_of_the_provider_is_said_in_our_words() {
    let world = World::start().await;
    // What the log says, what the page says, and its status.
    let cases = [
        ("access_denied", "access_denied", "access_denied", 400),
        ("login_required", "login_required", "login_required", 400),
        ("consent_required", "consent_required", "consent_required", 400),
        (
            "temporarily_unavailable",
            "temporarily_unavailable",
            "temporarily_unavailable",
            503,
        ),
        ("hostile-7c1e", "unknown_error", "provider_error", 502),
    ];
    for description in [
        format!("<script>{MARK}</script>\r\nX-Header: y"),
        MARK.repeat(700),
        format!("{MARK}\u{0}\u{2028}\u{e9}"),
    ] {
        for (code, logged, told, status) in cases {
            let mut browser = world.signed_in("alice").await;
            world.inject(Fault::AuthorizationError(code, description.clone()));
            let uri = format!("javascript:alert('{MARK}')");
            world.inject(Fault::AuthorizationExtraParameter("error_uri", uri));
            let callback = browser.callback_address(&world.provider, "bob", "/").await;
            let refusal = Refusal {
                name: code,
                code: logged,
                reached: Reached::Login,
            };
            let page = is_rejected(&world, &mut browser, &callback, refusal).await;
            assert_eq!(page.status.as_u16(), status, "{code}");
            assert!(
                page.text().contains(told) && !page.text().contains("javascript:"),
                "{code}"
            );
            world.provider.heal();
        }
    }
}

#[tokio::test]
async fn cb_09_a_forged_error_signs_nobody_out_and_ends_no_login() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let pending = browser.callback_address(&world.provider, "bob", "/profile").await;
    for (forged, code) in [
        ("/auth/callback?error=access_denied", "callback_state_missing"),
        ("/auth/callback?error=access_denied&state=x", "login_unknown"),
        ("/auth/callback?error=hostile-7c1e&state=hostile-7c1e", "login_unknown"),
    ] {
        refused(&world, &mut browser, forged, code).await;
    }
    assert_eq!(browser.open(&pending).await.location(), Some("/profile"));
}

#[tokio::test]
async fn cb_11_the_landing_is_a_clean_address_of_ours_and_no_page() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser
        .callback_address(&world.provider, "alice", "/profile?tab=1")
        .await;
    let landing = browser.open(&callback).await;
    assert_eq!(landing.status, StatusCode::SEE_OTHER);
    assert_eq!(landing.location(), Some("/profile?tab=1"), "no code, no state");
    assert_eq!(landing.header("cache-control"), "no-store");
    assert_eq!(landing.header("referrer-policy"), "no-referrer");
    assert!(landing.body.is_empty());
    let again = browser.open(&callback).await;
    assert_eq!((again.location(), again.body.len()), (Some("/profile?tab=1"), 0));
    assert_eq!(again.header("referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn cb_12_cb_13_a_login_replaces_the_session_before_it() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let mut before = browser.clone();
    let of_alice = world.redis.contents();
    let tokens = world.provider.issued_secrets();
    browser.sign_in(&world.provider, "bob", "/").await;
    assert_ne!(
        before.cookies["__Host-Http-session"],
        browser.cookies["__Host-Http-session"]
    );
    assert_eq!(before.session().await["reason"], "signed_out", "the old id is dead");
    let text = browser.session().await.to_string();
    assert!(text.contains("Bob") && !text.contains("Alice"));

    // Nothing of hers is left but the mark of use and the reason, and nobody is called with her token.
    let stored = world.redis.contents();
    let left: Vec<_> = of_alice.keys().filter(|key| stored.contains_key(*key)).collect();
    assert!(left.iter().all(|key| key.starts_with("spent:")), "{left:?}");
    world.provider.forget_calls();
    browser.call("reread_claims", "").await;
    before.call("reread_claims", "").await;
    let calls = world.provider.calls_to(Endpoint::Userinfo);
    assert_eq!(calls.len(), 1);
    let bearer = calls[0].header("authorization").expect("a token");
    assert!(!tokens.iter().any(|token| bearer.contains(token.as_str())));
}

#[tokio::test]
async fn cb_15_only_get_is_served() {
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

#[tokio::test]
async fn cb_16_a_code_of_4_kb_is_sent_on_and_one_of_60_kb_is_refused() {
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
