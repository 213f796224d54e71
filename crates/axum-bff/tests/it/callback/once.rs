//! Each code is redeemed once, over all replicas and all tabs of a browser.

use crate::browser::Browser;
use crate::world::World;
use axum::http::StatusCode;
use provider::{Endpoint, Fault};
use std::time::Duration;

/// CB-03
#[tokio::test]
async fn concurrent_callbacks_on_two_replicas_redeem_the_code_once() {
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

/// CB-03
#[tokio::test]
async fn the_back_button_leads_a_signed_in_person_on() {
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

/// AUTHZ-06
#[tokio::test]
async fn two_tabs_finish_in_any_order() {
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

fn sessions(world: &World) -> usize {
    world.redis.keys().iter().filter(|key| !key.contains(':')).count()
}

/// Ten tabs that a browser has restored, with their callbacks. Each one sends the cookies from before all logins.
async fn restored(world: &World) -> Vec<(Browser, String)> {
    let mut browser = world.browser();
    let mut callbacks = Vec::new();
    for _ in 0..10 {
        callbacks.push(browser.callback_address(&world.provider, "alice", "/profile").await);
    }
    callbacks
        .into_iter()
        .map(|callback| (browser.clone(), callback))
        .collect()
}

/// Any answer may reach the browser last: that of the last login, that of the first one, or one between them.
#[tokio::test]
async fn tabs_that_finish_at_once_leave_no_session_that_no_browser_holds() {
    for last_to_arrive in [9, 0, 6] {
        let world = World::start().await;
        let elsewhere = world.signed_in("alice").await;
        let mut tabs = Vec::new();
        for (mut tab, callback) in restored(&world).await {
            assert_eq!(tab.open(&callback).await.location(), Some("/profile"));
            tabs.push(tab);
        }
        assert_eq!(sessions(&world), 11);
        let mut held = tabs.remove(last_to_arrive);
        assert_eq!(held.open("/profile").await.status, StatusCode::OK);
        assert_eq!(
            sessions(&world),
            11,
            "a request with the cookie of another session may be under way"
        );
        world.advance(Duration::from_secs(61));
        assert_eq!(held.open("/profile").await.status, StatusCode::OK);
        assert_eq!(
            sessions(&world),
            2,
            "{last_to_arrive}: this session and the other browser's"
        );
        assert_eq!(held.session().await["status"], "active");
        assert_eq!(elsewhere.clone().session().await["status"], "active");
        for mut tab in tabs {
            assert_eq!(tab.session().await["status"], "ended");
        }
    }
}

/// As above, but all logins are under way at once. The store may take their records and notes in any order.
#[tokio::test]
async fn tabs_whose_logins_are_under_way_at_once_know_of_each_other() {
    for last_to_arrive in [0, 4, 9] {
        let world = World::start().await;
        let opened = restored(&world).await.into_iter().map(async |(mut tab, callback)| {
            assert_eq!(tab.open(&callback).await.location(), Some("/profile"));
            tab
        });
        let mut held = futures::future::join_all(opened).await.remove(last_to_arrive);
        assert_eq!(sessions(&world), 10);
        world.advance(Duration::from_secs(61));
        assert_eq!(held.open("/profile").await.status, StatusCode::OK);
        assert_eq!(sessions(&world), 1, "{last_to_arrive}");
        assert_eq!(held.session().await["status"], "active");
    }
}

#[tokio::test]
async fn a_later_session_whose_cookie_may_be_on_its_way_is_not_ended_by_an_earlier_one() {
    let world = World::start().await;
    let mut tabs = restored(&world).await;
    let (mut later, of_later) = tabs.pop().expect("ten tabs");
    let (mut earlier, of_earlier) = tabs.pop().expect("ten tabs");
    earlier.open(&of_earlier).await;
    world.advance(Duration::from_secs(40));
    later.open(&of_later).await;
    world.advance(Duration::from_secs(25));
    assert_eq!(earlier.open("/profile").await.status, StatusCode::OK);
    assert_eq!(later.session().await["status"], "active", "25 seconds old");
    world.advance(Duration::from_secs(61));
    assert_eq!(earlier.open("/profile").await.status, StatusCode::OK);
    assert_eq!(
        later.session().await["status"],
        "ended",
        "no page was opened with its cookie"
    );
    assert_eq!(sessions(&world), 1);
}

#[tokio::test]
async fn a_browser_that_closes_during_the_callback_leaves_neither_session_nor_tokens() {
    let world = World::start_refreshing(|_| ()).await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    world.inject(Fault::Hang(Endpoint::Userinfo));
    let mut tab = browser.clone();
    let closing = tokio::spawn(async move { tab.open(&callback).await });
    world
        .until("the code is redeemed", async || {
            !world.provider.calls_to(Endpoint::Userinfo).is_empty()
        })
        .await;
    closing.abort();
    assert!(closing.await.expect_err("it was closed").is_cancelled());
    world.provider.heal();
    world
        .until("both tokens are revoked", async || {
            world.provider.calls_to(Endpoint::Revocation).len() == 2
        })
        .await;
    let left = world.redis.keys();
    assert!(
        left.iter().all(|key| key.contains(':') && !key.ends_with(":tokens")),
        "{left:?}"
    );
}
