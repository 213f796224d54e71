//! When metadata and keys are read. A request never waits for them if they have been read before.

use crate::world::World;
use axum::http::StatusCode;
use provider::{Answer, Endpoint, Fault};
use std::time::Duration;

/// How often metadata and keys were read.
fn readings(world: &World) -> (usize, usize) {
    let count = |endpoint| world.provider.calls_to(endpoint).len();
    (count(Endpoint::Metadata), count(Endpoint::Jwks))
}

#[tokio::test]
async fn a_login_asks_the_provider_nothing_at_its_start_and_twice_at_its_end() {
    let world = World::start().await;
    world.signed_in("alice").await;
    assert_eq!(readings(&world), (1, 1));
    world.provider.forget_calls();
    let mut browser = world.browser();
    for _ in 0..100 {
        let start = browser.open("/auth/login?return_to=/profile").await;
        assert_eq!(start.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(world.provider.calls().len(), 0);
    for username in ["alice", "bob"] {
        world.signed_in(username).await;
    }
    let asked: Vec<Endpoint> = world.provider.calls().iter().map(|call| call.endpoint).collect();
    let each = [Endpoint::Authorization, Endpoint::Token, Endpoint::Userinfo];
    assert_eq!(asked, each.repeat(2));
}

#[tokio::test]
async fn a_due_document_is_read_behind_the_requests_also_where_no_answer_comes() {
    let world = World::start().await;
    world.signed_in("alice").await;
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks] {
        world.inject(Fault::Hang(endpoint));
    }
    world.advance(Duration::from_mins(61));
    let begun = std::time::Instant::now();
    for username in ["alice", "bob", "chioma"] {
        world.signed_in(username).await;
    }
    // The time limit for one answer is 5 seconds, so no sign-in has waited for one.
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    world
        .until("the metadata is asked for", async || readings(&world).0 == 2)
        .await;
    world.provider.heal();
    world
        .until("the keys are read too", async || readings(&world) == (2, 2))
        .await;
    world.signed_in("alice").await;
    assert_eq!(readings(&world), (2, 2), "no further reading within the hour");
}

/// DISC-03
#[tokio::test]
async fn a_document_read_behind_the_requests_counts_from_then_on() {
    let world = World::start().await;
    world.signed_in("alice").await;
    world.inject(Fault::MetadataWithoutMember("end_session_endpoint"));
    world.advance(Duration::from_mins(61));
    let mut alice = world.signed_in("alice").await;
    world
        .until("the metadata is read", async || readings(&world) == (2, 2))
        .await;
    world
        .until("it is used", async || {
            let mut bob = world.signed_in("bob").await;
            let left = bob.submit("/auth/logout").await;
            left.location() == Some("/signed-out?provider=none")
        })
        .await;
    assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::SEE_OTHER);
    let broken = Answer::new(200, "text/html", "");
    world.inject(Fault::Answer(Endpoint::Metadata, broken));
    world.advance(Duration::from_mins(61));
    world.signed_in("alice").await;
    world
        .until("the metadata is asked for again", async || readings(&world).0 == 3)
        .await;
    world.signed_in("alice").await;
}
