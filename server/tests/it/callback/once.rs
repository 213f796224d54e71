//! Each code is redeemed once, by whichever replica and in whichever tab.

use crate::world::World;
use axum::http::StatusCode;
use provider::Endpoint;

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
