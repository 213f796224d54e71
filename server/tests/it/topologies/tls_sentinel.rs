//! TLS with sentinels: as users of few rights, and to no host but those that the certificate names (SEC-07). The copy in
//! memory is on, so that its connections are held to the same.

use super::steady;
use crate::redis::certificates::Certificates;
use crate::redis::sentinel::Sentinels;
use crate::redis::tls::PASSWORD;
use crate::world::World;
use axum::http::StatusCode;
use std::path::Path;

async fn world(url: &str, authority: &Path) -> World {
    World::start_with(&[
        ("BFF_REDIS_URL", url),
        ("BFF_REDIS_CA_FILE", authority.to_str().expect("UTF-8")),
        ("BFF_REDIS_TIMEOUT", "2s"),
        ("BFF_SESSION_LOCAL_COPY", "on"),
    ])
    .await
}

async fn is_ready(world: &World) -> bool {
    world.browser().fetch("/readyz").await.status == StatusCode::OK
}

async fn is_used(url: &str, authority: &Path) -> bool {
    is_ready(&world(url, authority).await).await
}

#[tokio::test]
async fn sec_07_sentinels_and_the_failover_that_they_make_over_tls() {
    let certificates = Certificates::new();
    let mut redis = Sentinels::start_encrypted(&certificates);
    let url = redis.encrypted_url(PASSWORD);
    let other = certificates.other_authority();
    assert!(!is_used(&url, &other).await, "an unknown authority");
    assert!(!is_used(&redis.encrypted_url("wrong"), &certificates.authority()).await);

    let world = world(&url, &certificates.authority()).await;
    world.until("it is connected", async || is_ready(&world).await).await;
    let mut alice = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    steady(&world, &mut alice, || redis.primary.commands()).await;
    assert_eq!(bob.submit("/auth/logout").await.status, StatusCode::SEE_OTHER);
    redis.replicated();
    redis.primary.kill();
    redis.replica.until(&["ROLE"], |said| said.contains("master"));
    steady(&world, &mut alice, || redis.replica.commands()).await;
    assert_eq!(bob.session().await["status"], "anonymous");
    assert_eq!(alice.submit("/auth/logout").await.status, StatusCode::SEE_OTHER);
    assert_eq!(alice.session().await["status"], "anonymous");
}
