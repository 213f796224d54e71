//! The session cookie: its attributes, and cookies that name no session.

use crate::browser::FETCH;
use crate::world::World;
use axum::http::{Method, StatusCode};
use std::time::Duration;

const NAME: &str = "__Host-Http-session";

/// SES-02
#[tokio::test]
async fn the_cookie_has_the_host_prefix_and_every_attribute() {
    let world = World::start().await;
    let landing = world.browser().sign_in(&world.provider, "alice", "/").await;
    let [cookie, login] = &landing.set_cookies()[..] else {
        panic!("two cookies")
    };
    assert!(login.ends_with("; Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax"));
    let (value, attributes) = cookie.split_once(';').expect("attributes");
    assert_eq!(value.len(), NAME.len() + 1 + 48);
    assert_eq!(attributes, " Path=/; Max-Age=28800; Secure; HttpOnly; SameSite=Lax");
}

/// SES-03, SES-04
#[tokio::test]
async fn a_cookie_that_is_no_session_id_is_anonymous_and_nothing_is_written() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let good = alice.cookies[NAME].clone();
    let before = world.redis.keys();
    let lines = [
        format!("{NAME}={}", "A".repeat(48)),
        format!("{NAME}="),
        format!("{NAME}=short"),
        format!("{NAME}={}", "x".repeat(60_000)),
        format!("{NAME}={good}x"),
        format!("{NAME}=\"{good}\""),
        format!("{NAME}={good}; {NAME}={good}"),
        format!("{NAME}={good}; {NAME}=other"),
        format!("__host-http-session={good}"),
        format!("session={good}"),
        format!("{NAME}=%00%0d%0a"),
    ];
    for line in lines {
        let headers = [&FETCH[..], &[("cookie", line.as_str())]].concat();
        let answer = world.browser().send(Method::GET, "/auth/session", &headers, "").await;
        assert_eq!(answer.json()["status"], "anonymous", "{}", &line[..line.len().min(80)]);
        assert!(answer.set_cookies().is_empty());
        let answer = world.browser().send(Method::GET, "/", &headers, "").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(world.redis.keys(), before, "nothing was written");
}

/// SES-03
#[tokio::test]
async fn an_id_chosen_by_somebody_is_never_adopted() {
    let world = World::start().await;
    let mut browser = world.browser();
    let chosen = "A".repeat(48);
    browser.cookies.insert(NAME.to_owned(), chosen.clone());
    browser.sign_in(&world.provider, "alice", "/").await;
    assert_ne!(browser.cookies[NAME], chosen);
}

/// SES-05
#[tokio::test]
async fn idle_and_absolute_limits_hold_for_a_browser_that_keeps_sending_the_cookie() {
    let world = World::start_with(&[("BFF_SESSION_IDLE", "10m"), ("BFF_SESSION_ABSOLUTE", "1h")]).await;
    let mut browser = world.signed_in("alice").await;
    for _ in 0..9 {
        world.advance(Duration::from_mins(6));
        assert_eq!(
            browser.open("/profile").await.status,
            StatusCode::OK,
            "activity keeps it alive"
        );
    }
    world.advance(Duration::from_mins(6));
    assert_eq!(
        browser.open("/profile").await.status,
        StatusCode::UNAUTHORIZED,
        "the absolute limit"
    );

    let mut browser = world.signed_in("alice").await;
    world.advance(Duration::from_mins(10));
    assert_eq!(
        browser.open("/profile").await.status,
        StatusCode::UNAUTHORIZED,
        "the idle limit"
    );
}

/// SES-06
#[tokio::test]
async fn redis_holds_neither_cookie_nor_token_nor_claim() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let dump = world.redis.dump();
    assert!(!dump.is_empty());
    let holds = |text: &str| dump.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds(&alice.cookies[NAME][6..]), "the cookie is in Redis");
    assert!(!holds("eyJhbGciOi") && !holds("eyJ0eXAiOi") && !holds("Alice"));
    for secret in world.provider.issued_secrets() {
        assert!(
            !holds(&secret[..secret.len().min(24)]),
            "a secret of the provider is in Redis"
        );
    }
}

/// SES-08
#[tokio::test]
async fn garbage_in_redis_is_no_session_and_no_panic() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for garbage in ["", "garbage", "\u{0}\u{1}", "{\"status\":\"active\"}"] {
        for key in world.redis.keys().iter().filter(|key| !key.starts_with("spent:")) {
            world.redis.set(key, garbage);
        }
        assert_eq!(alice.session().await["status"], "anonymous");
        assert_eq!(alice.open("/profile").await.status, StatusCode::SEE_OTHER);
        assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::SEE_OTHER);
        alice = world.signed_in("alice").await;
    }
}

#[tokio::test]
async fn a_signed_in_page_costs_one_read_and_the_session_state_too() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for path in ["/profile", "/", "/admin"] {
        let before = world.redis.commands();
        alice.open(path).await;
        assert_eq!(world.redis.commands() - before, 1, "{path}");
    }
    let before = world.redis.commands();
    alice.session().await;
    assert_eq!(world.redis.commands() - before, 1);
    let before = world.redis.commands();
    world.browser().open("/").await;
    world.browser().open("/profile").await;
    world.browser().open("/auth/login").await;
    assert_eq!(
        world.redis.commands() - before,
        0,
        "invariant 7: a stranger causes no command"
    );
}

/// SES-05
#[tokio::test]
async fn the_remains_of_an_idle_session_go_with_the_next_visit() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    // Redis deletes the record like this at the idle limit.
    let session = world.redis.keys().into_iter().find(|key| !key.contains(':'));
    world.redis.delete(&session.expect("a session"));
    let ends_with = |suffix: &str| world.redis.keys().iter().any(|key| key.ends_with(suffix));
    assert!(ends_with(":tokens"));
    for _ in 0..2 {
        assert_eq!(alice.session().await["reason"], "idle");
        assert!(!ends_with(":tokens") && ends_with(":ended"));
    }
}
