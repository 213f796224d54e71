//! The primary of a set of sentinels dies, its replica takes over, and nobody is signed out.

use crate::redis::sentinel::Sentinels;
use crate::world::World;
use axum::http::StatusCode;

/// SES-07
#[tokio::test]
async fn sessions_live_through_a_failover_by_sentinels() {
    let mut redis = Sentinels::start();
    let world = World::start_with(&[("BFF_REDIS_URL", &redis.url()), ("BFF_REDIS_TIMEOUT", "1s")]).await;
    let mut alice = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    assert_eq!(bob.submit("/auth/logout").await.status, StatusCode::OK);
    redis.replicated();

    redis.primary.kill();
    world
        .until("the replica has taken over", async || {
            let page = alice.open("/profile").await;
            assert!(
                [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&page.status),
                "signed out in between: {page:?}"
            );
            assert!(page.set_cookies().is_empty(), "the cookie is left alone");
            page.status == StatusCode::OK
        })
        .await;
    redis.replica.until(&["ROLE"], |said| said.contains("master"));
    assert!(redis.elections() > 0, "the sentinels have voted");
    assert_eq!(alice.session().await["status"], "active");
    assert_eq!(
        bob.session().await["status"],
        "anonymous",
        "the person who signed out stays signed out"
    );
    let landing = bob.sign_in(&world.provider, "bob", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "the new primary takes writes");
}
