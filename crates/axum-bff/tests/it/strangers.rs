//! The cost of a stranger's request: the commands that Redis gets, the keys that stay there, and the calls that the
//! provider gets. The tables of docs/security.md and docs/operations.md have the same figures.

use crate::address::parameter;
use crate::backchannel_logout::{PATH as BACKCHANNEL, form};
use crate::browser::{Browser, FETCH, NAVIGATE};
use crate::frontchannel_logout::frame;
use crate::leaks::Log;
use crate::world::World;
use axum::http::{Method, StatusCode};
use bff_session::SessionId;
use bff_session::key_ring::KeyRing;
use provider::Endpoint;
use std::time::Duration;

const SESSION: &str = "__Host-Http-session";

/// The number of commands to Redis, of new keys there, and of calls to the provider.
#[derive(Debug, PartialEq)]
struct Cost {
    commands: u64,
    keys: usize,
    calls: usize,
}

const NOTHING: Cost = Cost {
    commands: 0,
    keys: 0,
    calls: 0,
};

/// Counts what `request` costs in a world where the metadata and the keys have been read.
async fn cost(world: &World, request: impl AsyncFnOnce()) -> Cost {
    let keys = world.redis.keys().len();
    world.provider.forget_calls();
    let commands = world.redis.commands();
    request().await;
    let commands = world.redis.commands() - commands;
    Cost {
        commands,
        keys: world.redis.keys().len() - keys,
        calls: world.provider.calls().len(),
    }
}

async fn warm() -> World {
    let world = World::start().await;
    world.signed_in("alice").await;
    world
}

/// A browser with a session cookie that somebody has made up.
fn with_cookie(world: &World, value: &str) -> Browser {
    let mut browser = world.browser();
    browser.cookies.insert(SESSION.to_owned(), value.to_owned());
    browser
}

/// Ids of the right form that no key of our ring has made. One is all zeros, one comes from another ring, and two begin
/// as `ours` does.
fn made_up_ids(ours: &str) -> Vec<String> {
    let ring = KeyRing::parse(&KeyRing::new_key()).expect("a key");
    let foreign = SessionId::new(&ring).to_text().to_string();
    let of_our_key = format!("{}{}", &ours[..8], &foreign[8..]);
    let last = if ours.ends_with('A') { "B" } else { "A" };
    vec!["A".repeat(48), foreign, of_our_key, format!("{}{last}", &ours[..47])]
}

#[tokio::test]
async fn a_made_up_session_costs_nothing_wherever_it_is_shown() {
    let world = warm().await;
    let alice = world.signed_in("alice").await;
    let ids = made_up_ids(&alice.cookies[SESSION]);
    let garbage = ["x".to_owned(), "A".repeat(32), "A".repeat(4000)];
    let requests = [
        (Method::GET, "/", &NAVIGATE[..]),
        (Method::GET, "/profile", &NAVIGATE),
        (Method::GET, "/auth/login", &NAVIGATE),
        (Method::GET, "/auth/session", &FETCH),
        (Method::POST, "/auth/session", &FETCH),
        (Method::GET, "/auth/events", &FETCH),
        (Method::POST, "/auth/dismiss", &FETCH),
        (Method::POST, "/auth/page-failed?at=later", &FETCH),
        (Method::POST, "/auth/logout", &NAVIGATE),
        (Method::POST, "/_fn/list_sessions", &FETCH),
        (Method::GET, "/api/orders/", &FETCH),
        (Method::GET, "/sign-in-failed", &NAVIGATE),
    ];
    for id in ids.iter().chain(&garbage) {
        for (method, path, headers) in &requests {
            let mut browser = with_cookie(&world, id);
            let paid = cost(&world, async || {
                let answer = browser.send(method.clone(), path, headers, "").await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
            })
            .await;
            assert_eq!(paid, NOTHING, "{method} {path} with {id:.48}");
        }
    }
}

/// Begins a login in this browser, and returns its `state`.
async fn begun(browser: &mut Browser) -> String {
    let start = browser.open("/auth/login").await;
    let address = start.location().expect("the provider's address");
    parameter(address, "state").expect("a state")
}

#[tokio::test]
async fn an_answer_that_no_provider_has_given_costs_nothing_unless_it_is_a_code() {
    let world = warm().await;
    let issuer = world.provider.issuer().to_owned();
    let mut browser = world.browser();
    let state = begun(&mut browser).await;
    let own = |answer: &str| format!("/auth/callback?state={state}&{answer}");
    let free = [
        "/auth/callback".to_owned(),
        "/auth/callback?code=x&state=x".to_owned(),
        own("code=made-up"),
        own("code=made-up&iss=https://evil.example"),
        own(&format!("error=access_denied&iss={issuer}")),
        own(&format!("error=unauthorized_client&iss={issuer}")),
        own(&format!("error=server_error&iss={issuer}")),
        own("error=access_denied&iss=https://evil.example"),
    ];
    for callback in free {
        let paid = cost(&world, async || {
            assert_eq!(browser.open(&callback).await.status, StatusCode::SEE_OTHER);
        })
        .await;
        assert_eq!(paid, NOTHING, "{callback}");
    }
    let code = own(&format!("code=made-up&iss={issuer}"));
    let paid = cost(&world, async || drop(browser.open(&code).await)).await;
    let once = Cost {
        commands: 1,
        keys: 1,
        calls: 1,
    };
    assert_eq!(
        paid, once,
        "one mark, which lasts as long as the login would, and one token request"
    );
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 1);
    let again = cost(&world, async || drop(browser.open(&code).await)).await;
    assert_eq!((again.keys, world.provider.calls_to(Endpoint::Token).len()), (0, 0));
}

/// Each code comes with a login of its own, because a stranger can begin any number of logins.
#[tokio::test]
async fn made_up_codes_have_a_bound_over_which_they_cost_nothing() {
    let world = warm().await;
    let issuer = world.provider.issuer().to_owned();
    let mut browser = world.browser();
    for number in 0..200 {
        let state = begun(&mut browser).await;
        let callback = format!("/auth/callback?state={state}&code={number}&iss={issuer}");
        browser.open(&callback).await;
    }
    let state = begun(&mut browser).await;
    let callback = format!("/auth/callback?state={state}&code=x&iss={issuer}");
    let paid = cost(&world, async || {
        let answer = browser.open(&callback).await;
        let page = browser.open(answer.location().expect("a page")).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(page.text().contains("too_often"), "{}", page.text());
    })
    .await;
    assert_eq!(paid, NOTHING);
    world.advance(Duration::from_millis(20));
    world.signed_in("bob").await;
}

/// The bound counts only codes that the provider refuses, so ten thousand people who sign in at once use up nothing of
/// it.
#[tokio::test]
async fn codes_that_the_provider_takes_are_not_counted_as_a_strangers() {
    let world = warm().await;
    let issuer = world.provider.issuer().to_owned();
    let mut browser = world.browser();
    for number in 0..199 {
        let state = begun(&mut browser).await;
        let callback = format!("/auth/callback?state={state}&code={number}&iss={issuer}");
        browser.open(&callback).await;
    }
    for _ in 0..3 {
        world.signed_in("bob").await;
    }
}

#[tokio::test]
async fn a_front_channel_logout_costs_one_look_and_a_back_channel_logout_none() {
    let world = warm().await;
    let issuer = world.provider.issuer().to_owned();
    let look = Cost { commands: 1, ..NOTHING };
    let paid = cost(&world, async || {
        let answer = frame(&world, &[("iss", &issuer), ("sid", "made-up")]).await;
        assert_eq!(answer.status, StatusCode::OK);
    });
    assert_eq!(paid.await, look);
    for (iss, sid) in [("https://evil.example", "made-up"), (&*issuer, "")] {
        let paid = cost(&world, async || {
            drop(frame(&world, &[("iss", iss), ("sid", sid)]).await);
        });
        assert_eq!(paid.await, NOTHING, "{iss} {sid}");
    }
    let of_another = "eyJhbGciOiJSUzI1NiJ9.e30.AAAA";
    for body in [String::new(), form("x"), form(of_another)] {
        let mut stranger = world.browser();
        let paid = cost(&world, async || {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            let answer = stranger.send(Method::POST, BACKCHANNEL, &headers, &body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        })
        .await;
        assert_eq!((paid.commands, paid.keys), (0, 0), "{body}");
        assert!(paid.calls <= 1, "at most one reading of the keys: {paid:?}");
    }
}

/// A stranger can send every error code in a response to their own login. Such a response proves no fault of the
/// provider or of the settings.
#[tokio::test(flavor = "current_thread")]
async fn no_error_that_somebody_writes_is_a_failure_of_ours() {
    let world = warm().await;
    let issuer = world.provider.issuer().to_owned();
    let mut browser = world.browser();
    let state = begun(&mut browser).await;
    let (log, _guard) = Log::catch();
    let codes = [
        "invalid_request",
        "unauthorized_client",
        "unsupported_response_type",
        "invalid_scope",
        "invalid_target",
        "invalid_request_uri",
        "invalid_request_object",
        "request_not_supported",
        "request_uri_not_supported",
        "registration_not_supported",
        "server_error",
        "temporarily_unavailable",
        "access_denied",
    ];
    for code in codes {
        let callback = format!("/auth/callback?state={state}&error={code}&iss={issuer}");
        let answer = browser.open(&callback).await;
        let page = browser.open(answer.location().expect("a page")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{code}");
        assert!(
            log.text().contains(&format!("code=\"{code}\"")),
            "the log has it for the operator: {code}"
        );
    }
    let callback = format!("/auth/callback?state={state}&error=never_heard_of&iss={issuer}");
    browser.open(&callback).await;
    let code = format!("/auth/callback?state={state}&code=made-up&iss={issuer}");
    let answer = browser.open(&code).await;
    let page = browser.open(answer.location().expect("a page")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "a made-up code");
    assert!(!log.text().contains("ERROR"), "{}", log.text());
}

/// A page of another site can make a browser open an address, but does not know the `state`. Even a person who knows
/// the `state` cannot end the login with a made-up error.
#[tokio::test]
async fn a_made_up_error_leaves_the_login_open_for_the_providers_answer() {
    let world = warm().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
    let state = parameter(&callback, "state").expect("a state");
    for answer in [
        format!("error=access_denied&iss={}", world.provider.issuer()),
        "code=x&iss=https://evil.example".to_owned(),
    ] {
        browser.open(&format!("/auth/callback?state={state}&{answer}")).await;
    }
    assert_eq!(browser.open(&callback).await.location(), Some("/profile"));
}
